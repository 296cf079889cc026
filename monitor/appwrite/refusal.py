"""
Why a server refused to open a WebSocket.

Appwrite itself never refuses the upgrade: it answers 101 and then sends an error frame. A refusal is the word of
something before it, or of the wrong part of Appwrite: then a plain GET, routed alike, shows who is speaking.
"""

from collections.abc import Mapping

import aiohttp

from monitor.appwrite.failures import failed, place
from monitor.appwrite.json_text import parse_json
from monitor.appwrite.phases import now
from monitor.core.errors import CheckFailed, MonitorError
from monitor.core.outcome import EvidenceValue, Reason
from monitor.core.transport import Request, Response, Session

_MAX_BODY_BYTES = 1 << 16
_REASONS = {401: Reason.UNAUTHORIZED, 402: Reason.QUOTA, 403: Reason.UNAUTHORIZED, 429: Reason.RATE_LIMITED}


async def refused(
    error: aiohttp.WSServerHandshakeError,
    url: str,
    *,
    headers: Mapping[str, str],
    session: Session,
    until: float,
) -> CheckFailed:
    """
    Return the failure that *error* means, after one plain GET of *url* that ends *until* the deadline.

    Evidence: ``status`` of the refusal; ``server_is_appwrite`` and ``misrouted`` by the GET, None if it failed too.
    """
    plain = await _ask_plainly(session, url, headers, until)
    server = plain.headers.get("server", "") if plain is not None else ""
    kind = _error_type(plain) if plain is not None else None
    where, status = place("socket", url), error.status
    evidence: dict[str, EvidenceValue] = {
        "status": status,
        "type": kind,
        "plain_status": plain.status if plain is not None else None,
        "server_is_appwrite": server.lower().startswith("appwrite"),
        "misrouted": kind == "general_route_not_found" or status == 200,
    }
    if kind == "general_route_not_found":
        text = "by Appwrite's HTTP API, expected 101: the proxy must route /v1/realtime to the realtime container"
    elif status == 200:
        text = "with a page, expected 101: the proxy routes this path to a web site, or drops the Upgrade header"
    elif status == 101:
        text = f"with a broken 101 ({error.message}): check the proxy before the realtime container"
        return failed(Reason.PROTOCOL, f"{where} answered {text}", **evidence)
    elif 300 <= status < 400:
        text = f"with a redirect ({status}), expected 101: set the endpoint to the address it points at"
        return failed(Reason.HTTP_STATUS, f"{where} was refused {text}", **evidence)
    else:
        text = f"with {status}, expected 101: check that the realtime container runs and the proxy reaches it"
        return failed(_REASONS.get(status, Reason.HTTP_STATUS), f"{where} was refused {text}", **evidence)
    return failed(Reason.PROTOCOL, f"{where} answered {status} {text}", **evidence)


async def _ask_plainly(session: Session, url: str, headers: Mapping[str, str], until: float) -> Response | None:
    request = Request(
        method="GET",
        url=f"http{url.removeprefix('ws')}",
        headers=headers,
        timeout_seconds=max(0.0, until - now()),
        max_body_bytes=_MAX_BODY_BYTES,
    )
    try:
        return await session.request(request)
    except MonitorError:
        return None


def _error_type(response: Response) -> str | None:
    try:
        answer = parse_json(response.body)
    except ValueError:
        return None
    kind = answer.get("type") if isinstance(answer, dict) else None
    return kind if isinstance(kind, str) else None
