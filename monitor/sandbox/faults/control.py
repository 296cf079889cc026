"""
HTTP control of the faults, beside Appwrite's paths: for this machine only, and with the token of this sandbox.

::

    GET    /sandbox/faults          all faults, with what is on
    PUT    /sandbox/faults/NAME     switch on; the body holds parameters, as JSON
    DELETE /sandbox/faults/NAME     switch off
"""

import hmac
import ipaddress
import json
from collections.abc import Sequence

from aiohttp import web

from monitor.core.errors import ConfigError
from monitor.sandbox.faults.catalogue import FAULTS
from monitor.sandbox.faults.switches import Faults, UnknownFault

TOKEN_HEADER = "X-Sandbox-Token"  # noqa: S105 - the name of a header
PREFIX = ("sandbox", "faults")


class Control:
    """
    Answers everything under ``/sandbox``.
    """

    def __init__(self, faults: Faults, token: str) -> None:
        self._faults = faults
        self._token = token

    async def answer(self, request: web.BaseRequest, segments: Sequence[str]) -> web.Response:
        """
        Answer one request; *segments* are the parts of its path.
        """
        if not self._is_trusted(request):
            return _sentence(403, f"the faults are switched from this machine only, with {TOKEN_HEADER}")
        if tuple(segments[:2]) != PREFIX or len(segments) > 3:
            return _sentence(404, "there is nothing here: use /sandbox/faults or /sandbox/faults/NAME")
        try:
            return await self._switch(request, segments[2] if len(segments) == 3 else None)
        except UnknownFault as error:
            return _sentence(404, str(error))
        except ConfigError as error:
            return _sentence(400, str(error))

    async def _switch(self, request: web.BaseRequest, name: str | None) -> web.Response:
        match request.method, name:
            case "GET", None:
                return web.json_response({"faults": [self._show(each) for each in FAULTS]})
            case "PUT", str():
                self._faults.switch_on(name, **await _read_parameters(request))
            case "DELETE", str():
                self._faults.switch_off(name)
            case _:
                return _sentence(405, "GET the list, PUT a fault to switch it on, DELETE it to switch it off")
        return web.json_response(self._show(name))

    def _show(self, name: str) -> dict[str, object]:
        description, parameters = FAULTS[name], self._faults.parameters(name)
        return {
            "name": name,
            "summary": description.summary,
            "cause": description.cause,
            "pages": description.pages,
            "on": parameters is not None,
            "parameters": parameters or {key: each.default for key, each in description.parameters.items()},
        }

    def _is_trusted(self, request: web.BaseRequest) -> bool:
        try:
            local = ipaddress.ip_address(request.remote or "").is_loopback
        except ValueError:
            local = False
        sent = request.headers.get(TOKEN_HEADER, "")
        return local and hmac.compare_digest(sent.encode(), self._token.encode())


async def _read_parameters(request: web.BaseRequest) -> dict[str, object]:
    body = await request.read()
    try:
        parameters = json.loads(body or b"{}")
    except ValueError:
        parameters = None
    if not isinstance(parameters, dict):
        raise ConfigError("the body must be a JSON object of parameters, or empty")
    return parameters


def _sentence(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)
