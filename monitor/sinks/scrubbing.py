"""
Any value as plain JSON that holds no secret: what an event and its attachments pass before they leave the process.

Every text, keys included, passes the redactor; what stands under a name of a secret is masked whatever it looks like.
It ends, and raises nothing, whatever it is given: cycles, depth, breadth and length are bounded, since nobody looks at
an incident that could not be told. The scrubber of the Sentry SDK leaves contexts, messages and addresses as they are.
"""

import math
import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from monitor.core.redaction import MASK
from monitor.sinks.payload import Redact, clean

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

_MAX_DEPTH = 16
_MAX_VALUES = 5000
_MAX_CHARACTERS = 1 << 16
# What every JSON parser takes.
_MAX_NUMBER_BITS = 63
_CUT, _CYCLE, _STRANGE = "[cut]", "[cycle]", "[unreadable]"

# A name that ends like this holds a secret; `dedup_key` and `key_scope` do not, nor does `token_expires_seconds`.
_SECRET_NAME = re.compile(
    r"(?i)(?:passw(?:or)?d|passphrase|secret|token|jwt|cookies?|authori[sz]ation|credentials?|dsn"
    r"|(?:api|appwrite|routing|private|secret|access|signing|sentry)[_-]?key|^key|^session|a_session_[\w-]+)$"
)


def scrubbed(value: object, redact: Redact, *, characters: int = _MAX_CHARACTERS) -> Json:
    """
    Return *value* as plain JSON values without secrets, with at most *characters* in all; what JSON does not know as
    its text.
    """
    return _Pass(redact, characters).value(value, ())


class _Pass:
    """
    One walk through one value, with what is left of its bounds.
    """

    def __init__(self, redact: Redact, characters: int) -> None:
        self._redact = redact
        self._values = _MAX_VALUES
        self._characters = characters

    def value(self, value: object, above: tuple[int, ...]) -> Json:
        """
        Return *value* as JSON; *above* are the identities of the containers that it stands in.
        """
        self._values -= 1
        if id(value) in above:
            return _CYCLE
        if self._values < 0 or len(above) > _MAX_DEPTH:
            return _CUT
        if isinstance(value, Mapping):
            return self._mapping(value, (*above, id(value)))
        if isinstance(value, (list, tuple, set, frozenset)):
            return self._list(value, (*above, id(value)))
        return self._scalar(value)

    def _mapping(self, mapping: Mapping[object, object], above: tuple[int, ...]) -> Json:
        found: dict[str, Json] = {}
        try:
            for key, value in mapping.items():
                if self._values <= 0:
                    found[_CUT] = None
                    break
                name = self._text(key)
                is_secret = _SECRET_NAME.search(name) and value is not None and not isinstance(value, bool)
                found[name] = MASK if is_secret else self.value(value, above)
        except Exception:  # noqa: BLE001 a mapping of somebody else's may raise what it likes
            found[_STRANGE] = None
        return found

    def _list(self, items: Iterable[object], above: tuple[int, ...]) -> Json:
        found: list[Json] = []
        for item in items:
            if self._values <= 0:
                found.append(_CUT)
                break
            found.append(self.value(item, above))
        return found

    def _scalar(self, value: object) -> Json:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int) and value.bit_length() <= _MAX_NUMBER_BITS:
            return int(value)
        if isinstance(value, float) and math.isfinite(value):
            return float(value)
        return self._text(value)

    def _text(self, value: object) -> str:
        try:
            text = value.decode("utf-8", "replace") if isinstance(value, (bytes, bytearray)) else str(value)
        except Exception:  # noqa: BLE001 whatever its own form raises (an integer of 5000 digits, for one)
            return _STRANGE
        if self._characters <= 0:
            return _CUT
        text = clean(text, self._redact)[: self._characters]
        self._characters -= len(text)
        return text
