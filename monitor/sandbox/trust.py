"""
Who may change a sandbox: a program on this machine that knows its token; no web page, and nobody who was led here.
"""

import hmac
import ipaddress
from urllib.parse import urlsplit

from aiohttp import web

TOKEN_HEADER = "X-Sandbox-Token"  # noqa: S105 - the name of a header


def distrust(request: web.BaseRequest, token: str) -> str | None:
    """
    Return the sentence that refuses a request, None for one that may change the sandbox whose token is *token*.
    """
    host = request.headers.get("Host", "")
    if not _is_loopback(request.remote or ""):
        return f"the sandbox is changed from this machine only, with {TOKEN_HEADER}"
    if not _is_loopback(_name_in(f"//{host}")):
        # A page that made its own name point to this machine would send that name.
        return "the sandbox is changed under the address of this machine only, such as 127.0.0.1 or localhost"
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{host}":
        return "the sandbox is not changed by a page of another origin"
    sent = request.headers.get(TOKEN_HEADER, "")
    if not hmac.compare_digest(sent.encode(errors="surrogateescape"), token.encode()):
        return f"the sandbox is changed with its token in {TOKEN_HEADER} only"
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _name_in(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
