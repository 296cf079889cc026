"""
What goes out over HTTP: JSON, nothing, or a page, with the headers of a real server.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web
from multidict import CIMultiDict

# What a server that is not Appwrite, and what the realtime server, call themselves.
PROXY = "nginx"
REALTIME = "swoole-http-server"

_NOT_CACHED = {"Cache-Control": "no-cache, no-store, must-revalidate", "Expires": "0", "Pragma": "no-cache"}
_NOT_FOUND_PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8"><title>Page not found</title></head>'
    "<body><h1>Page not found</h1><p>The page you're looking for doesn't exist.</p></body></html>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    The result of a call: a JSON body, none (204), or *text*; *cookies* are whole ``Set-Cookie`` values.
    """

    status: int = 200
    body: object = None
    text: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()


def respond(answer: Answer, *, by_fallback: bool, origin: str | None) -> web.Response:
    """
    Return what Appwrite sends for *answer*; *origin* is the caller's, if it is a registered platform.
    """
    headers = _common(by_fallback=by_fallback, origin=origin)
    headers["X-Content-Type-Options"] = "nosniff"
    headers.update(answer.headers)
    for cookie in answer.cookies:
        headers.add("Set-Cookie", cookie)
    if answer.status >= 400:
        headers.update(_NOT_CACHED)
    if answer.text is not None:
        headers["Content-Type"] = "text/plain; charset=UTF-8"
        return web.Response(status=answer.status, body=answer.text.encode(), headers=headers)
    # A real server sets a content type on 204 too.
    headers["Content-Type"] = "text/html" if answer.body is None else "application/json; charset=UTF-8"
    body = b"" if answer.body is None else dump(answer.body).encode()
    return web.Response(status=answer.status, body=body, headers=headers)


def preflight(*, origin: str | None) -> web.Response:
    """
    Answer a browser that asks whether it may call.
    """
    headers = _common(by_fallback=True, origin=origin)
    headers["Content-Type"] = "text/html"
    if origin:
        headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"
        headers["Access-Control-Allow-Headers"] = (
            "Origin, Cookie, Set-Cookie, X-Requested-With, Content-Type, Access-Control-Allow-Origin,"
            " X-Appwrite-Project, X-Appwrite-Key, X-Appwrite-Locale, X-Appwrite-Mode, X-Appwrite-JWT,"
            " X-Appwrite-Session, X-Appwrite-Response-Format, X-SDK-Version, X-SDK-Name, X-SDK-Language,"
            " X-SDK-Platform, X-SDK-GraphQL, X-Fallback-Cookies, Cache-Control, Pragma"
        )
        headers["Access-Control-Max-Age"] = "86400"
    return web.Response(status=204, headers=headers)


def no_such_page() -> web.Response:
    """
    Answer a path that no route serves.
    """
    headers = _common(by_fallback=True, origin=None)
    headers.update(_NOT_CACHED)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Type"] = "text/html; charset=UTF-8"
    return web.Response(status=404, body=_NOT_FOUND_PAGE.encode(), headers=headers)


def from_proxy(status: int) -> web.Response:
    """
    Answer in the place of Appwrite, as the proxy before it does.
    """
    reason = web.Response(status=status).reason
    title = f"{status} {reason}"
    page = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
    headers = {"Server": PROXY, "Content-Type": "text/html"}
    return web.Response(status=status, body=page.encode(), headers=headers)


def realtime_without_upgrade() -> web.Response:
    """
    Answer a plain GET on the realtime path: the proof that it is routed to the realtime server.
    """
    page = "<html><body><h2>HTTP 400 Bad Request</h2><hr><i>Powered by Swoole</i></body></html>"
    headers = {
        "Server": REALTIME,
        "Content-Type": "text/html; charset=UTF-8",
        "Cache-Control": "must-revalidate,no-cache,no-store",
    }
    return web.Response(status=400, body=page.encode(), headers=headers)


def dump(body: object) -> str:
    """
    Return *body* as JSON without spaces.
    """
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def _common(*, by_fallback: bool, origin: str | None) -> CIMultiDict[str]:
    headers: CIMultiDict[str] = CIMultiDict({"Server": "Appwrite", "X-Debug-Fallback": "false"})
    if by_fallback:
        # A real server sends the header twice then.
        headers.add("X-Debug-Fallback", "true")
    headers["Access-Control-Allow-Credentials"] = "true"
    if origin:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = "X-Appwrite-Session, X-Fallback-Cookies"
    return headers
