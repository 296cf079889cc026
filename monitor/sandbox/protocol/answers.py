"""
What goes out over HTTP: JSON, nothing, or a page, with the headers of a real server.
"""

import gzip
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web
from multidict import CIMultiDict

# What a server that is not Appwrite, and what the realtime server, call themselves.
PROXY = "nginx"
REALTIME = "swoole-http-server"

# Shorter bodies are not worth it.
_MIN_COMPRESSED_BYTES = 1_024

_NOT_CACHED = {"Cache-Control": "no-cache, no-store, must-revalidate", "Expires": "0", "Pragma": "no-cache"}
_FONT = "font-family: var(--font-family-sansSerif, Inter), sans-serif; font-size: var(--font-size-S, 14px)"
_GREY = "color: var(--color-fgColor-neutral-secondary, #56565C)"
_STYLE = (
    "* { margin: 0; padding: 0; } body { background-color: #FFFFFF; } "
    ".main { display: flex; min-height: 100vh; width: 100vw; align-items: center; justify-content: center; } "
    ".content { margin-left: auto; margin-right: auto; max-width: 400px; } .content h1 { margin-bottom: 20px; } "
    f"span {{ padding: 2px 6px; border-radius: 6px; background: rgba(0, 0, 0, 0.06); {_GREY}; {_FONT}; }} "
    "h1 { color: var(--color-fgColor-neutral-primary, #2D2D31); text-align: center; font-weight: 400; } "
    f".type {{ border: 1px solid var(--color-border-neutral-strong, #EDEDF0); {_GREY}; {_FONT}; }} "
    ".center { display: flex; justify-content: center; gap: 8px; } "
    "@media (prefers-color-scheme: dark) { body { background-color: #1D1D21; } h1 { color: #EDEDF0; } }"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """
    For whom an answer is written.

    *origin* is that of a page which may call. *resolved_twice* tells that the caller could not be found out, and was
    looked for once more to answer that; a real server has not set all of its headers then. *examined* is false when it
    failed before it had looked at the request: it has set still fewer.
    """

    by_fallback: bool = True
    origin: str | None = None
    reads_gzip: bool = False
    resolved_twice: bool = False
    examined: bool = True


def respond(answer: Answer, audience: Audience) -> web.Response:
    """
    Return what Appwrite sends for *answer*.
    """
    headers = _common(audience)
    if audience.resolved_twice or not audience.examined:
        headers["Server"] = REALTIME
    else:
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
    return _sent(answer.status, body, headers, audience)


def preflight(*, origin: str | None) -> web.Response:
    """
    Answer a browser that asks whether it may call.
    """
    headers = _common(Audience(origin=origin))
    headers["Content-Type"] = "text/html"
    if origin:
        headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"
        headers["Access-Control-Allow-Headers"] = (
            "Accept, Origin, Cookie, Set-Cookie, Content-Type, Content-Range, X-Appwrite-Project, X-Appwrite-Key,"
            " X-Appwrite-Dev-Key, X-Appwrite-Locale, X-Appwrite-Mode, X-Appwrite-JWT, X-Appwrite-Response-Format,"
            " X-Appwrite-Timeout, X-Appwrite-ID, X-Appwrite-Timestamp, X-Appwrite-Session, X-Appwrite-Platform,"
            " X-SDK-Version, X-SDK-Name, X-SDK-Language, X-SDK-Platform, X-SDK-GraphQL, X-SDK-Profile, Range,"
            " Cache-Control, Expires, Pragma, X-Fallback-Cookies, X-Requested-With"
        )
        headers["Access-Control-Max-Age"] = "86400"
    return web.Response(status=204, headers=headers)


def error_page(error: Mapping[str, object], audience: Audience) -> web.Response:
    """
    Answer a path that no route serves: with a page that shows an error's ``code``, ``message`` and ``type``.
    """
    headers = _common(audience)
    headers.update(_NOT_CACHED)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Type"] = "text/html; charset=UTF-8"
    code, message, kind = (html.escape(str(error[key])) for key in ("code", "message", "type"))
    page = (
        f'<!DOCTYPE html><html lang="en"><head> <meta charset="UTF-8"> <title>Appwrite - Error</title> <style> {_STYLE}'
        ' </style></head><body> <div class="main"> <div id="views-error" class="content small-error"> <div'
        f' class="center"><span class="">Error {code}</span></div> <h1>{message}</h1> <div class="center">'
        f" <span class='type'>{kind}</span> </div> </div> </div></body></html>"
    )
    return _sent(int(code), page.encode(), headers, audience)


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


def _sent(status: int, body: bytes, headers: CIMultiDict[str], audience: Audience) -> web.Response:
    if audience.reads_gzip and len(body) >= _MIN_COMPRESSED_BYTES:
        headers.update({"Content-Encoding": "gzip", "X-Utopia-Compression": "true", "Vary": "Accept-Encoding"})
        body = gzip.compress(body, compresslevel=1, mtime=0)
    return web.Response(status=status, body=body, headers=headers)


def _common(audience: Audience) -> CIMultiDict[str]:
    headers: CIMultiDict[str] = CIMultiDict({"Server": "Appwrite"})
    for _ in range((2 if audience.resolved_twice else 1) if audience.examined else 0):
        headers.add("X-Debug-Fallback", "false")
        if audience.by_fallback:
            # A real server sends the header twice then.
            headers.add("X-Debug-Fallback", "true")
    headers["Access-Control-Allow-Credentials"] = "true"
    if audience.origin:
        headers["Access-Control-Allow-Origin"] = audience.origin
        headers["Access-Control-Expose-Headers"] = "X-Appwrite-Session, X-Fallback-Cookies"
    return headers
