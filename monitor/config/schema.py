"""
The JSON schema of the file, for editors.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from monitor.config.settings import Settings
from monitor.config.shape import FILE_SUFFIX
from monitor.core.duration import PATTERN, show_duration
from monitor.registry import Registry


def json_schema(registry: Registry) -> dict[str, Any]:
    """
    Return the JSON schema (draft 2020-12) of the whole file, for editors.

    It does not see through ``${NAME}``: an editor may underline one where no text is expected.
    """
    models: list[type[BaseModel]] = [Settings, *registry.kinds.values()]
    references, found = models_json_schema([(model, "validation") for model in models], ref_template="#/$defs/{model}")
    definitions = {name: _polished(definition) for name, definition in found["$defs"].items()}
    root, check = definitions.pop("Settings"), definitions.pop("Check")
    models_by_kind = {
        kind: references[model, "validation"]["$ref"].rpartition("/")[2]
        for kind, model in sorted(registry.kinds.items())
    }
    # By kind, since two packages may call their classes the same, and pydantic then makes one definition of both.
    definitions |= {kind: _named(definitions[model], kind) for kind, model in models_by_kind.items()}
    for model in set(models_by_kind.values()):
        del definitions[model]
    kinds = {kind: {"$ref": f"#/$defs/{kind}"} for kind in models_by_kind}
    root["properties"]["checks"] |= {
        "minProperties": 1,
        "propertyNames": {"pattern": check["properties"]["name"]["pattern"]},
        "additionalProperties": _any_check(kinds),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **root,
        "title": "monitor.yaml",
        "description": "what `monitor run` and `monitor once` read; `monitor config validate` tells every mistake",
        "$defs": definitions,
    }


def _any_check(kinds: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": {"enum": list(kinds), "description": "what is checked; `monitor checks KIND` explains it"}
        },
        # Not oneOf: an editor then complains of the one key that is wrong and not of every kind.
        "allOf": [
            {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": reference}
            for kind, reference in kinds.items()
        ],
    }


def _named(definition: Mapping[str, Any], kind: str) -> dict[str, Any]:
    properties = {name: value for name, value in definition["properties"].items() if name != "name"}
    required = [*(name for name in definition["required"] if name != "name"), "kind"]
    return {**definition, "properties": {"kind": {"const": kind}, **properties}, "required": required}


def _polished(schema: dict[str, Any]) -> dict[str, Any]:
    """
    Return what pydantic wrote in the terms of the file: durations as text, secrets also by file, no marks of ours.
    """
    # Bounds of durations: seconds, which the text does not have.
    dropped = {
        "title",
        "identity",
        "identity_kind",
        "server_key",
        "discriminator",
        "gt",
        "ge",
        "lt",
        "le",
        *(("minimum", "maximum") if _is_duration(schema) else ()),
    }
    polished = {key: _polished_part(value) for key, value in schema.items() if key not in dropped}
    if "properties" in schema:
        polished["properties"] = {name: _polished(field) for name, field in schema["properties"].items()}
        _add_secret_files(polished)
        if "const" in schema["properties"].get("kind", {}):
            polished["required"] = ["kind", *polished.get("required", [])]
    default = schema.get("default")
    if isinstance(default, float) and _is_duration(schema):
        polished["default"] = show_duration(default)
    if isinstance(default, dict):
        del polished["default"]
    return polished


def _polished_part(value: Any) -> Any:
    if isinstance(value, dict):
        return _polished(value)
    return [_polished_part(item) for item in value] if isinstance(value, list) else value


def _is_duration(schema: Mapping[str, Any]) -> bool:
    return any(each.get("pattern") == PATTERN for each in (schema, *schema.get("anyOf", ())))


def _is_secret(schema: Mapping[str, Any]) -> bool:
    return any(each.get("format") == "password" for each in (schema, *schema.get("anyOf", ())))


def _add_secret_files(schema: dict[str, Any]) -> None:
    required = schema.get("required", [])
    for name in [name for name, field in schema["properties"].items() if _is_secret(field)]:
        file = f"{name}{FILE_SUFFIX}"
        schema["properties"][file] = {
            "type": "string",
            "minLength": 1,
            "description": f"path of a file with the {name}",
        }
        both, either = {"required": [name, file]}, [{"required": [name]}, {"required": [file]}]
        rules = [{"not": both}, *([{"anyOf": either}] if name in required else [])]
        schema["allOf"] = [*schema.get("allOf", []), *rules]
        schema["required"] = [key for key in required if key != name]
        required = schema["required"]
