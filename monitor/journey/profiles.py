"""
Profiles by name, and profiles of one's own that are like one of them.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from monitor.core.errors import unknown
from monitor.journey.profile import Profile, problem_at

NAMES = ("january", "march")


@cache
def _built_in(name: str) -> Mapping[str, Any]:
    document: Mapping[str, Any] = yaml.safe_load(files("monitor.journey").joinpath(f"{name}.yaml").read_text("utf-8"))
    return document


def _resolved(value: object) -> object:
    """
    Return the mapping that a name stands for, or one of one's own with what it is like beneath it.
    """
    if isinstance(value, str):
        return _like(value)
    if isinstance(value, Mapping) and "like" in value:
        like = value["like"]
        own = {"name": f"like {like}"} | {key: item for key, item in value.items() if key != "like"}
        return _merged(_like(like, "like"), own)
    return value


def _like(name: object, *place: str) -> Mapping[str, Any]:
    if name not in NAMES:
        raise problem_at(*place, unknown("profile", str(name), NAMES))
    return _built_in(str(name))


def _merged(beneath: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return *beneath* with what *above* says instead, level by level; what is nothing there is left out.
    """
    merged = dict(beneath)
    for key, value in above.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping):
            below = merged.get(key)
            merged[key] = _merged(below if isinstance(below, Mapping) else {}, value)
        else:
            merged[key] = value
    return merged


class _ForEditors:
    """
    What stands in the file: a name, or a mapping with what it is like.
    """

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        reference = handler(schema)
        like = {"enum": list(NAMES), "description": "the profile to which this one is alike, but for what it says"}
        handler.resolve_ref_schema(reference)["properties"]["like"] = like
        return {"anyOf": [{"enum": list(NAMES)}, reference]}


ProfileSetting = Annotated[Profile, BeforeValidator(_resolved), _ForEditors()]
