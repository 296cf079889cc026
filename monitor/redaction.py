"""
The one redactor: everything that leaves the process passes it.

It takes out the secrets it was told of, wherever they stand, and what looks like one: tokens, cookies, authorization
headers, values of keys that are named like secrets, e-mail addresses and phone numbers.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from pydantic import BaseModel, SecretStr

MASK = "[redacted]"

_PATTERNS = (
    # JSON web tokens: three base64url parts, the first of which is the start of a JSON object.
    re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"),
    # The encoded session that Appwrite puts into cookies and fallback headers: base64 of {"id":…
    re.compile(r"\beyJpZCI6[\w+/=-]+"),
    re.compile(r"(?i)(?<=bearer )[\w.~+/=-]+|(?<=basic )[\w+/=-]{8,}"),
    # Appwrite's own key format.
    re.compile(r"\b(?:standard|ephemeral|dynamic|account|organization)_[0-9a-f]{32,}\b"),
    re.compile(r"(?i)(?<=a_session_)[\w.-]+=[^;\s\"']+"),
    re.compile(
        r"(?i)\b((?:api[_-]?|x-appwrite-|routing[_-]?)?(?:key|jwt|session|secret|token|password|passwd|dsn)"
        r"[\"']?\s*[=:]\s*[\"']?)(?!\[redacted)[^\s\"'&,;}]{4,}"
    ),
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    # International form, or a national one of 9 to 13 digits; ids and ticks are longer, shorter or not alone.
    re.compile(r"(?<![\w.])(?:\+\d[\d ()-]{7,}\d|0\d{8,12})(?![\w.])"),
)


class Redactor:
    """
    Masks *secrets* (exact values) and what looks like a secret.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # Longest first, so that no secret that holds another leaves its rest behind; a very short one would mask words.
        known = sorted({secret for secret in secrets if len(secret) >= 4}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """
        Return *text* without secrets.
        """
        if self._known:
            text = self._known.sub(MASK, text)
        for pattern in _PATTERNS:
            text = pattern.sub(lambda match: (match.group(1) if match.re.groups else "") + MASK, text)
        return text


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
