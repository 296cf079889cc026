"""
The session cookie of an answer, and whether a browser would send it back.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from monitor.core.transport import Response

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
# Values of several Set-Cookie headers are joined by commas, which stand within their dates too.
_NEXT_COOKIE = re.compile(r",\s*(?=[^\s;,=]+=)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """
    One cookie, its *value* as it was sent; *attributes* by their names in lower case.
    """

    name: str
    value: str = field(repr=False)
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """
        The domain that it is for; empty when that is the host that set it alone.
        """
        return self.attributes.get("domain", "").lstrip(".").lower()

    @property
    def path(self) -> str:
        """
        The path below which it is sent.
        """
        return self.attributes.get("path") or "/"

    def flaw(self, endpoint: str, *, now: datetime) -> str:
        """
        Return why a browser would not send the cookie to *endpoint*; empty when it would.

        What browsers demand of cookies on https is not demanded of an endpoint without it, such as one for tests.
        """
        url = urlsplit(endpoint)
        host = url.hostname or ""
        if self._is_over(now):
            return "it has expired already"
        if url.scheme == "https" and self.attributes.get("samesite", "").lower() == "none" and not self._is_secure:
            return "it is SameSite=None without Secure"
        if self.domain and host != self.domain and not host.endswith(f".{self.domain}"):
            return f"it is for the domain {self.domain!r}, not for {host!r}"
        if not f"{url.path}/".startswith(f"{self.path.rstrip('/')}/"):
            return f"it is for paths below {self.path!r}"
        return ""

    @property
    def _is_secure(self) -> bool:
        return "secure" in self.attributes

    def _is_over(self, now: datetime) -> bool:
        # Max-Age comes before Expires; browsers pass over one that they cannot read.
        if _WHOLE_NUMBER.fullmatch(self.attributes.get("max-age", "")):
            return int(self.attributes["max-age"]) <= 0
        try:
            expires = parsedate_to_datetime(self.attributes.get("expires", ""))
        except ValueError:
            return False
        return (expires if expires.tzinfo else expires.replace(tzinfo=UTC)) <= now


def session_cookie(response: Response, project: str) -> Cookie | None:
    """
    Return the cookie that holds a session of *project*; None when the answer sets none.
    """
    for text in _NEXT_COOKIE.split(response.headers.get("set-cookie", "")):
        first, *rest = text.split(";")
        name, value = _split(first)
        # The id of the project may come in lower case.
        if name.lower() == f"a_session_{project}".lower() and value:
            attributes = {key.lower(): text for key, text in map(_split, rest)}
            return Cookie(name=name, value=value, attributes=attributes)
    return None


def _split(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip(), value.strip()
