"""
Refusals, as exceptions that handlers raise; and answers in JSON.
"""

import json
from collections.abc import Mapping

from aiohttp import web
from pydantic import BaseModel

_REFUSALS: Mapping[int, type[web.HTTPException]] = {
    400: web.HTTPBadRequest,
    401: web.HTTPUnauthorized,
    403: web.HTTPForbidden,
    404: web.HTTPNotFound,
    409: web.HTTPConflict,
    415: web.HTTPUnsupportedMediaType,
    421: web.HTTPMisdirectedRequest,
    429: web.HTTPTooManyRequests,
    503: web.HTTPServiceUnavailable,
}


def refusal(status: int, sentence: str, *, headers: Mapping[str, str] | None = None) -> web.HTTPException:
    """
    Return what to raise to refuse something with *status*, for the reason that *sentence* gives.
    """
    return _REFUSALS[status](text=sentence, headers=headers)


def told(status: int, sentence: str, *, as_json: bool, headers: Mapping[str, str] | None = None) -> web.Response:
    """
    Return the answer that says why something was not done: to a program *as_json*, to a person as text.
    """
    if as_json:
        return web.json_response({"error": sentence}, status=status, headers=headers)
    return web.Response(text=f"{sentence}\n", status=status, headers=headers)


def shown(value: BaseModel, *, status: int = 200) -> web.Response:
    """
    Return *value* as JSON.
    """
    return web.Response(body=encoded(value), status=status, content_type="application/json")


def drawn(document: bytes) -> web.Response:
    """
    Return *document*, which is JSON, as the answer.
    """
    return web.Response(body=document, content_type="application/json")


def encoded(value: BaseModel) -> bytes:
    """
    Return *value* as JSON in UTF-8; half a character, which a target may have sent, as a question mark.
    """
    try:
        return value.model_dump_json().encode()
    except ValueError:
        return json.dumps(value.model_dump(mode="python"), default=str, ensure_ascii=True).encode()
