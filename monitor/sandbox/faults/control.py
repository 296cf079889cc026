"""
HTTP control of the faults, beside Appwrite's paths: for this machine only, and with the token of this sandbox.

::

    GET    /sandbox/faults          all faults, with what is on
    PUT    /sandbox/faults/NAME     switch on; the body holds parameters, as JSON
    DELETE /sandbox/faults/NAME     switch off
    DELETE /sandbox/faults          switch everything off

``NAME@LABEL`` is the same fault once more, with other parameters.
"""

import json
from collections.abc import Mapping, Sequence

from aiohttp import web

from monitor.core.errors import ConfigError
from monitor.sandbox.faults.catalogue import FAULTS, Parameter
from monitor.sandbox.faults.named import UnknownFault, describe
from monitor.sandbox.faults.switches import Faults
from monitor.sandbox.trust import distrust

PREFIX = ("sandbox", "faults")
# More than every parameter at its longest.
_MAX_BODY_BYTES = 65_536


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
        refusal = distrust(request, self._token)
        if refusal:
            return _sentence(403, refusal)
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
                return web.json_response(self._list())
            case "DELETE", None:
                self._faults.switch_all_off()
                return web.json_response(self._list())
            case "PUT", str():
                describe(name)
                self._faults.switch_on(name, **await _read_parameters(request))
            case "DELETE", str():
                self._faults.switch_off(name)
            case _:
                return _sentence(405, "GET the list, PUT a fault to switch it on, DELETE it to switch it off")
        return web.json_response(self._show(name))

    def _list(self) -> dict[str, object]:
        labelled = [name for name in self._faults.active() if name not in FAULTS]
        return {"faults": [self._show(each) for each in (*FAULTS, *labelled)], "active": self._faults.active()}

    def _show(self, name: str) -> dict[str, object]:
        description, parameters = describe(name), self._faults.parameters(name)
        defaults = {key: each.default for key, each in description.parameters.items()}
        return {
            "name": name,
            "summary": description.summary,
            "cause": description.cause,
            "pages": description.pages,
            "rows": description.rows,
            "on": parameters is not None,
            "parameters": defaults if parameters is None else parameters,
            "takes": _takes(description.parameters),
        }


def _takes(parameters: Mapping[str, Parameter]) -> dict[str, str]:
    return {key: f"{each.description} ({each.takes})" for key, each in parameters.items()}


async def _read_parameters(request: web.BaseRequest) -> dict[str, object]:
    parameters: object = None
    if (request.content_length or 0) <= _MAX_BODY_BYTES:
        try:
            parameters = json.loads(await request.read() or b"{}")
        except (ValueError, RecursionError, web.HTTPRequestEntityTooLarge):
            parameters = None
    if not isinstance(parameters, dict):
        raise ConfigError("the body must be a small JSON object of parameters, or empty")
    return parameters


def _sentence(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)
