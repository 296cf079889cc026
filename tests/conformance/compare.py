"""
Where an answer differs from the recorded one.

Generated values (ids, times, secrets) differ by nature: they must have the same form, and one recorded id must stand
for one id of ours everywhere, in later questions too.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_GENERATED_ID = re.compile(r"[0-9a-f]{20}")
# Also after an escaped quotation mark of an address.
_INSIDE = re.compile(r"(?:(?<![0-9a-f])|(?<=%22))[0-9a-f]{20}(?![0-9a-f])")
_INDEX_ID = re.compile(r"^\d+_\d+_(?=[a-z])")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")
_PLACEHOLDER = re.compile(r"<[A-Z_]+>")
# Values that depend on the machine, the moment or what else was written before.
_FREE = {"secret", "$sequence", "ip", "ping", "remoteTime", "localTime", "size", "identifier"}
_FREE_MOMENTS = {
    "$createdAt",
    "$updatedAt",
    "accessedAt",
    "registration",
    "passwordUpdate",
    "expire",
    "timestamp",
    "mfaUpdatedAt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """
    One difference; *aspect* is what was compared: ``status``, ``type``, ``text``, ``shape``, ``value``, ``header``, ….
    """

    aspect: str
    place: str
    recorded: object
    got: object

    def __str__(self) -> str:
        return f"{self.aspect} {self.place}: recorded {_short(self.recorded)}, got {_short(self.got)}"


@dataclass(slots=True)
class Bindings:
    """
    Which of our generated ids stands for which recorded one.
    """

    ours: dict[str, str] = field(default_factory=dict)

    def apply(self, value: Any) -> Any:
        """
        Return *value*, a text or JSON, with recorded ids replaced by ours.
        """
        if isinstance(value, str):
            return _INSIDE.sub(lambda match: self.ours.get(match[0], match[0]), value)
        return json.loads(self.apply(json.dumps(value))) if isinstance(value, dict | list) else value

    def fits(self, recorded: str, got: str) -> bool:
        """
        Return whether *got* can stand for *recorded*, and remember that it does.
        """
        return bool(_GENERATED_ID.fullmatch(got)) and self.ours.setdefault(recorded, got) == got

    def learn(self, recorded: str, got: str) -> None:
        """
        Remember which of our ids stand where recorded ones stood inside a text.
        """
        theirs, ours = _INSIDE.findall(recorded), _INSIDE.findall(got)
        for each, mine in zip(theirs, ours, strict=False):
            self.ours.setdefault(each, mine)


class Comparison:
    """
    Collects the differences between one recorded answer and ours.
    """

    def __init__(self, bindings: Bindings) -> None:
        self._bindings = bindings
        self.differences: list[Difference] = []

    def expect(self, aspect: str, place: str, recorded: object, got: object) -> None:
        """
        Expect one value.
        """
        if recorded != got:
            self.differences.append(Difference(aspect=aspect, place=place, recorded=recorded, got=got))

    def body(self, recorded: Any, got: Any, place: str = "$") -> None:
        """
        Expect a JSON value of the same shape and, where it is not generated, of the same values.
        """
        if isinstance(recorded, str) and _PLACEHOLDER.search(recorded):
            self.expect("shape", place, "str", type(got).__name__)
        elif type(recorded) is not type(got):
            self.expect("shape", place, _kind(recorded), _kind(got))
        elif isinstance(recorded, dict):
            self.expect("shape", f"{place} keys", sorted(recorded), sorted(got))
            for key in recorded.keys() & got.keys():
                self._member(key, recorded[key], got[key], f"{place}.{key}")
        elif isinstance(recorded, list):
            self.expect("shape", f"{place} length", len(recorded), len(got))
            for number, (each, ours) in enumerate(zip(recorded, got, strict=False)):
                self.body(each, ours, f"{place}[{number}]")
        else:
            self._scalar(recorded, got, place)

    def headers(self, recorded: Mapping[str, Any], got: Mapping[str, list[str]], names: Iterable[str]) -> None:
        """
        Expect the same *names* among the headers, with the same values.
        """
        for name in names:
            wanted = recorded.get(name, [])
            wanted = wanted if isinstance(wanted, list) else [wanted]
            sent = got.get(name, [])
            if name in {"x-ratelimit-reset", "x-fallback-cookies"}:
                self.expect("header", name, len(wanted), len(sent))
            elif name == "set-cookie":
                self.expect("header", name, [_cookie(each) for each in wanted], [_cookie(each) for each in sent])
            else:
                self.expect("header", name, wanted, sent)

    def _member(self, key: str, recorded: Any, got: Any, place: str) -> None:
        if key in _FREE or (key in _FREE_MOMENTS and isinstance(recorded, str)):
            self.expect("shape", place, _kind(recorded), _kind(got))
        else:
            self.body(recorded, got, place)

    def _scalar(self, recorded: Any, got: Any, place: str) -> None:
        if isinstance(recorded, str) and _GENERATED_ID.fullmatch(recorded):
            if not self._bindings.fits(recorded, got):
                self.expect("value", place, self._bindings.ours.get(recorded, recorded), got)
        else:
            if isinstance(recorded, str):
                self._bindings.learn(recorded, got)
            self.expect("value", place, _without_number(self._bindings.apply(recorded)), _without_number(got))


def _without_number(value: Any) -> Any:
    # The id of an index begins with the numbers of its database and collection.
    return _INDEX_ID.sub("", value) if isinstance(value, str) else value


def _kind(value: object) -> str:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return "moment"
    return "" if value == "" else type(value).__name__


def _cookie(text: str) -> str:
    value = re.sub(r"=[^;]+", "=…", text, count=1) if "=deleted" not in text else text
    return re.sub(r"expires=[^;]+", "expires=…", value)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 160 else f"{text[:157]}…"
