"""
What stands before every handler and behind every answer: gate, deadline, headers, and what is wrong in words.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping

import structlog
from aiohttp import hdrs, web

from monitor.store import StoreError
from monitor.web.access import Gate
from monitor.web.answers import told
from monitor.web.page import CONTENT_SECURITY_POLICY
from monitor.web.route import Handler, Right, Route

log = structlog.get_logger()

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    # Nobody needs to know what we are made of.
    "Server": "monitor",
}
# Of a refusal by the library, whose body is not sent.
_OF_BODY = frozenset({hdrs.CONTENT_TYPE, hdrs.CONTENT_LENGTH})
_SENTENCES = {
    404: "there is nothing here: / is the status page, /api/v1/openapi.json describes the API",
    405: "this cannot be asked with this method: see Allow",
    413: "the body is too large: send at most 64 KiB",
}


class Guard:
    """
    Lets *gate* look at everything that is asked. What is served and not among *routes* needs every right there is.
    *on_request* is told of everything first.
    """

    def __init__(self, gate: Gate, routes: Iterable[Route], *, on_request: Callable[[web.Request], None]) -> None:
        self._gate = gate
        self._on_request = on_request
        self._routes = {(route.method, route.path): route for route in routes}

    def install(self, app: web.Application) -> None:
        """
        Stand before all that *app* answers.
        """
        app.middlewares.append(self._stand)
        app.on_response_prepare.append(_add_headers)

    @web.middleware
    async def _stand(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self._on_request(request)
        as_json = request.path.startswith("/api/")
        try:
            self._gate.demand_own_name(request)
            return await self._answer(request, handler)
        except web.HTTPException as refused:
            headers = {name: value for name, value in refused.headers.items() if name not in _OF_BODY}
            return told(refused.status, _sentence(refused), as_json=as_json, headers=headers)
        except StoreError as error:
            return told(503, f"the store cannot be used: {error}", as_json=as_json)
        except TimeoutError:
            return told(503, "no answer in time: ask again, and see what the monitor has to do", as_json=as_json)
        except ConnectionError:
            raise
        except Exception:  # a bug in one answer: it is told in the log, with where it is, and not to whoever asked
            log.exception("request.failed", path=request.path[:100], method=request.method)
            return told(500, "a bug in the monitor: its log has the traceback", as_json=as_json)

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.match_info.http_exception is not None:
            self._gate.demand(request, Right.READ)
            return await handler(request)
        resource = request.match_info.route.resource
        path = resource.canonical if resource else ""
        method = hdrs.METH_GET if request.method == hdrs.METH_HEAD else request.method
        route = self._routes.get((method, path))
        self._gate.demand(request, route.right if route else Right.ACT)
        async with asyncio.timeout(route.within_seconds if route else 0.0):
            return await handler(request)


def _sentence(refused: web.HTTPException) -> str:
    # What the library refuses itself says no more than its status.
    return _SENTENCES.get(refused.status, refused.reason) if _is_stock(refused) else refused.text or refused.reason


def _is_stock(refused: web.HTTPException) -> bool:
    return refused.status == 413 or refused.text == f"{refused.status}: {refused.reason}"


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = HEADERS["Server"]
