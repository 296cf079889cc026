"""
The OpenAPI document: made of the table of routes and the shapes, so that it cannot say anything else than they do.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from monitor import __version__
from monitor.config.web import Readers, Web
from monitor.web.route import NAME_OF_CHECK, Answer, Parameter, Right, Route
from monitor.web.shapes import Refusal

_REF = "#/components/schemas/{model}"
# What anything may be refused for, whoever asks.
_ALWAYS = (400, 421, 503)
_TO_WHO_ACTS = (401, 403)
_REFUSALS: Mapping[int, str] = {
    400: "what was asked cannot be understood",
    401: "credentials are missing or wrong",
    403: "a page of another site asks",
    404: "there is no such thing",
    409: "a run that somebody asked for is under way",
    413: "the body is larger than 64 KiB",
    415: "the body is not JSON",
    421: "asked under a host name that is not ours",
    429: "asked too often",
    503: "not now: see the sentence",
}


def document_of(routes: Iterable[Route], settings: Web, *, check: str = "") -> dict[str, Any]:
    """
    Return the document that describes *routes*, as they are guarded by *settings*; *check* is a name for an example.
    """
    routes = tuple(routes)
    schemas = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas, settings, check)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "monitor",
            "version": __version__,
            "description": "What is known of the target, and what can be asked for. Times are ISO 8601 in UTC.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas["definitions"],
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "password": {"type": "http", "scheme": "basic"},
            },
        },
    }


def _schemas(routes: Iterable[Route]) -> dict[str, Any]:
    asked = [(route.body, "validation") for route in routes if route.body]
    given = [(route.answer.shape, "serialization") for route in routes if route.answer.shape]
    wanted: list[Any] = list(dict.fromkeys([*asked, *given, (Refusal, "serialization")]))
    references, found = models_json_schema(wanted, ref_template=_REF)
    return {"references": references, "definitions": found.get("$defs", {})}


def _operation(route: Route, schemas: Mapping[str, Any], settings: Web, check: str) -> dict[str, Any]:
    summary, _, rest = route.about.partition(": ")
    operation: dict[str, Any] = {
        "summary": summary,
        **({"description": rest} if rest else {}),
        "operationId": route.handler.__name__.strip("_"),
        "responses": {str(route.answer.status): _answered(route.answer, schemas)},
    }
    refused = _ALWAYS + route.refusals + ((413, 415) if route.body else ())
    if _is_guarded(route, settings):
        refused += _TO_WHO_ACTS
        operation["security"] = _ways(settings)
    for status in sorted(set(refused)):
        operation["responses"][str(status)] = _refused(route, status)
    if route.parameters:
        operation["parameters"] = [_parameter(each, check) for each in route.parameters]
    if route.body:
        schema = schemas["references"][route.body, "validation"]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _is_guarded(route: Route, settings: Web) -> bool:
    return route.right is Right.ACT or (route.right is Right.READ and settings.readers is Readers.AUTHORIZED)


def _answered(answer: Answer, schemas: Mapping[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if answer.shape is not None:
        content = {answer.type: {"schema": schemas["references"][answer.shape, "serialization"]}}
    elif answer.status != 204:
        content = {answer.type: {"schema": {"type": "object"} if answer.type.endswith("json") else {"type": "string"}}}
    return {"description": answer.about, **({"content": content} if content else {})}


def _refused(route: Route, status: int) -> dict[str, Any]:
    is_json = route.path.startswith("/api/")
    schema = {"$ref": _REF.format(model=Refusal.__name__)} if is_json else {"type": "string"}
    headers = {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}} if status == 429 else {}
    return {
        "description": _REFUSALS[status],
        **({"headers": headers} if headers else {}),
        "content": {"application/json" if is_json else "text/plain": {"schema": schema}},
    }


def _ways(settings: Web) -> list[dict[str, list[str]]]:
    # Without credentials it is for this machine only, which has no word here.
    token: list[dict[str, list[str]]] = [{"token": []}] if settings.token else []
    password: list[dict[str, list[str]]] = [{"password": []}] if settings.password else []
    return token + password or [{}]


def _parameter(parameter: Parameter, check: str) -> dict[str, Any]:
    example = {"example": check} if check and parameter.about == NAME_OF_CHECK else {}
    return {
        **example,
        "name": parameter.name,
        "in": "query" if parameter.in_query else "path",
        "required": parameter.required,
        "description": parameter.about,
        "schema": parameter.schema,
    }
