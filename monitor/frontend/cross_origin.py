"""
How a page in a browser asks Appwrite, and what the browser demands before it shows the page the answer.

Browsers ask first (the preflight, without project or credentials) and compare headers to the letter: a missing one, a
``*`` beside credentials, or the same one twice is a refusal, whatever the status. A socket has no such rules: there
only the server looks at the origin.
"""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from monitor.appwrite.rest import Client
from monitor.core.run import Run
from monitor.core.target import http_url
from monitor.core.transport import Request, Response

_DEFAULT_PORTS = {"http": 80, "https": 443}
# What the web SDK sends beside what every page may; a method that is not always allowed, as updates use.
_METHOD = "PATCH"
_HEADERS = (
    "content-type",
    "x-appwrite-project",
    "x-appwrite-response-format",
    "x-appwrite-session",
    "x-fallback-cookies",
    "x-sdk-language",
    "x-sdk-name",
    "x-sdk-platform",
    "x-sdk-version",
)


def origin_of(url: str) -> str:
    """
    Return the origin of the page at *url*, an absolute address, as browsers write it.
    """
    parts = urlsplit(url)
    # The host as it was written, for the brackets of IPv6.
    host = parts.netloc.lower().removesuffix(f":{parts.port}")
    is_default = parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)}
    return f"{parts.scheme}://{host}" if is_default else f"{parts.scheme}://{host}:{parts.port}"


def _origin(value: str) -> str:
    url = http_url(value)
    origin = origin_of(url)
    if not origin.isascii():
        raise ValueError(f"{origin!r} is not how browsers send it: write the host in its xn-- form")
    if len(urlsplit(url).path) > 1 or urlsplit(url).query or urlsplit(url).fragment:
        raise ValueError(f"must be an origin, without a path, such as {origin}")
    return origin


Origin = Annotated[str, AfterValidator(_origin), Field(json_schema_extra={"format": "uri"})]


class Page(Client):
    """
    A guest's page of *origin*: every request and handshake carries that.
    """

    def __init__(self, run: Run, origin: str) -> None:
        super().__init__(run, identity="guest", session=run.transport.session("guest"), headers={})
        self.origin = origin

    @property
    def headers(self) -> dict[str, str]:
        """
        The project and the origin.
        """
        return {**super().headers, "Origin": self.origin}

    async def ask_first(self, path: str) -> Response:
        """
        Send the preflight for a request of the web SDK, as a browser does.
        """
        response = await self.session.request(
            Request(
                method="OPTIONS",
                url=f"{self.run.target.endpoint}{path}",
                timeout_seconds=self.run.remaining_seconds(),
                headers={
                    "Origin": self.origin,
                    "Access-Control-Request-Method": _METHOD,
                    "Access-Control-Request-Headers": ",".join(_HEADERS),
                },
            )
        )
        self.run.observe_phases(response.phases)
        return response

    def may_see(self, response: Response) -> bool:
        """
        Return whether a browser shows *response* to the page, with credentials or without.
        """
        return response.headers.get("access-control-allow-origin") in {self.origin, "*"}

    def obstacle(self, response: Response) -> str:
        """
        Return why a browser keeps *response* from the page, and what to look at; empty when it does not.
        """
        allowed = response.headers.get("access-control-allow-origin")
        if allowed is None:
            return "no Access-Control-Allow-Origin: a proxy strips it, or answers itself"
        if allowed == "*":
            return "Access-Control-Allow-Origin is *, which browsers refuse beside cookies: a proxy overwrites it"
        if "," in allowed:
            return "Access-Control-Allow-Origin has several values: a proxy adds one of its own, take it out"
        if allowed != self.origin:
            return f"Access-Control-Allow-Origin is {allowed[:60]!r}: a proxy or a cache overwrites it"
        credentials = response.headers.get("access-control-allow-credentials")
        if credentials != "true":
            return (
                f"Access-Control-Allow-Credentials is {(credentials or 'none')[:20]!r}, not 'true': look at the proxy"
            )
        return ""

    def obstacle_at_first(self, response: Response) -> str:
        """
        Return the same for the answer to the preflight, which must let the SDK's headers and method through too.
        """
        if not 200 <= response.status < 300:
            return f"answered {response.status}: let OPTIONS through to Appwrite"
        if obstacle := self.obstacle(response):
            return obstacle
        if _METHOD.lower() not in _listed(response, "access-control-allow-methods"):
            return f"Access-Control-Allow-Methods lacks {_METHOD}: a proxy overwrites it"
        lacking = sorted(set(_HEADERS) - _listed(response, "access-control-allow-headers"))
        if lacking:
            return f"Access-Control-Allow-Headers lacks {', '.join(lacking)[:80]}: a proxy overwrites it"
        return ""


def _listed(response: Response, header: str) -> set[str]:
    return {each.strip().lower() for each in response.headers.get(header, "").split(",")}
