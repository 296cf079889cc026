"""
The one redactor: everything that leaves the process passes it, and what a check quotes before it is cut.

It takes out the secrets it was told of, wherever they stand, and what looks like one: tokens, cookies, authorization
headers, values of keys that are named like secrets, e-mail addresses and phone numbers.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, SecretStr

if TYPE_CHECKING:
    from monitor.core.outcome import Outcome

MASK = "[redacted]"

# More than a message can hold, and little enough to be searched for secrets in no time.
_MAX_QUOTED_CHARACTERS = 512

# An echo may leave the scheme of a header's value out.
_SCHEME = re.compile(r"(?i)^(?:bearer|basic|token)\s+")

_NAMED = (
    r"(?i)\b((?:api[_-]?|x-appwrite-|routing[_-]?)?(?:key|jwt|session|secret|token|password|passwd|dsn)"
    r"(?:\\*[\"'])?\s*[=:]\s*)"
)
_PATTERNS = (
    # JSON web tokens: three base64url parts, the first of which is the start of a JSON object.
    re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"),
    # The encoded session that Appwrite puts into cookies and fallback headers: base64 of {"id":…
    re.compile(r"\beyJpZCI6[\w+/=-]+"),
    re.compile(r"(?i)(?<=bearer )[\w.~+/=-]+|(?<=basic )[\w+/=-]{8,}"),
    # Appwrite's own key format.
    re.compile(r"\b(?:standard|ephemeral|dynamic|account|organization)_[0-9a-f]{32,}\b"),
    re.compile(r"(?i)(?<=a_session_)[\w.-]+=[^;\s\"']+"),
    # A value in quotes ends with the quote that opened it (one with a backslash in JSON that is quoted itself), or with
    # the line when the text was cut; one without quotes ends with its word.
    re.compile(rf"{_NAMED}(\\*[\"'])(?:(?!\2)(?:\\.|[^\\\n])){{4,}}"),
    re.compile(rf"{_NAMED}(?!\[redacted)[^\s\"'&,;}}\\]{{4,}}"),
    # With the lengths that addresses can have: without bounds, 100 kB of letters took a minute.
    re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    # International form, or a national one of 9 to 13 digits; ids and ticks are longer, shorter or not alone.
    re.compile(r"(?<![\w.])(?:\+\d[\d ()-]{7,}\d|0\d{8,12})(?![\w.])"),
)


class Redactor:
    """
    Masks *secrets* (exact values) and what looks like a secret.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # Longest first, so that no secret that holds another leaves its rest behind; a very short one would mask words.
        forms = {form for secret in secrets for form in (secret, _SCHEME.sub("", secret))}
        known = sorted((form for form in forms if len(form) >= 4), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """
        Return *text* without secrets.
        """
        if self._known:
            text = self._known.sub(MASK, text)
        for pattern in _PATTERNS:
            text = pattern.sub(lambda match: "".join(match.groups()) + MASK, text)
        return text


def excerpt(text: str, *, secrets: Iterable[str] = (), characters: int = 40) -> str:
    """
    Return at most *characters* of *text* without secrets; only its length when it is too long to be searched.
    """
    if len(text) > _MAX_QUOTED_CHARACTERS:
        return f"{len(text)} characters"
    # Masked before it is cut: no redactor knows half a secret again.
    text = Redactor(secrets)(text)
    return text if len(text) <= characters else f"{text[: characters - 1]}…"


def redact_texts(value: object, redact: Callable[[str], str]) -> object:
    """
    Return *value* redacted: a text, or every text in a list or tuple (as a list); anything else stays as it is.
    """
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, (list, tuple)):
        return [redact_texts(item, redact) for item in value]
    return value


def redact_all(document: Mapping[str, Any], redact: Callable[[str], str]) -> dict[str, Any]:
    """
    Return *document*, a flat one of texts and lists of them, redacted.
    """
    return {name: redact_texts(value, redact) for name, value in document.items()}


def redacted(outcome: "Outcome", redact: Callable[[str], str]) -> dict[str, Any]:
    """
    Return *outcome* as plain JSON values without secrets: the form in which it leaves the process.
    """
    # Only what is free text: ids, names and numbers come from closed sets and stay whole.
    document = outcome.as_json()
    document["message"] = redact(outcome.message)
    document["evidence"] = {name: redact_texts(fact, redact) for name, fact in document["evidence"].items()}
    return document


def secrets_in(value: object) -> Iterator[str]:
    """
    Yield every secret that stands anywhere in the fields of *value*, a model or what models hold.
    """
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from secrets_in(getattr(value, name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from secrets_in(item)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from secrets_in(item)
