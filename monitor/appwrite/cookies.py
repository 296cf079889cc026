"""
The session cookie of an answer, and whether a browser would send it back.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from monitor.core.transport import Response

# Values of several Set-Cookie headers are joined by commas, which stand within their dates too.
_NEXT_COOKIE = re.compile(r",\s*(?=[^\s;,=]+=)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """
    One cookie, its *value* as it was sent; *domain* is empty when it is for the host that set it alone.
    """

    name: str
    value: str = field(repr=False)
    domain: str = ""
    path: str = "/"

    def flaw(self, endpoint: str) -> str:
        """
        Return why a browser would not send the cookie to *endpoint*; empty when it would.
        """
        url = urlsplit(endpoint)
        host = url.hostname or ""
        if self.domain and host != self.domain and not host.endswith(f".{self.domain}"):
            return f"it is for the domain {self.domain!r}, not for {host!r}"
        if not f"{url.path}/".startswith(f"{self.path.rstrip('/')}/"):
            return f"it is for paths below {self.path!r}"
        return ""


def session_cookie(response: Response, project: str) -> Cookie | None:
    """
    Return the cookie that holds a session of *project*; None when the answer sets none.
    """
    for text in _NEXT_COOKIE.split(response.headers.get("set-cookie", "")):
        first, *rest = text.split(";")
        name, value = _split(first)
        # The id of the project may come in lower case.
        if name.lower() == f"a_session_{project}".lower() and value:
            return _cookie(name, value, {key.lower(): text for key, text in map(_split, rest)})
    return None


def _cookie(name: str, value: str, attributes: dict[str, str]) -> Cookie:
    domain = attributes.get("domain", "").lstrip(".").lower()
    return Cookie(name=name, value=value, domain=domain, path=attributes.get("path") or "/")


def _split(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip(), value.strip()
