"""
What a configuration file may hold: its sections, what may stand at each place, and a JSON schema for editors.
"""

import re
import types
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic.json_schema import models_json_schema
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import PydanticBaseSettingsSource as Source

from monitor.core.check import Check
from monitor.core.duration import PATTERN, Duration, parse_duration, show_duration
from monitor.core.identity import Identity
from monitor.core.target import Target
from monitor.registry import Registry

# A value may be kept in a file of its own: the key of a secret with this ending names the file.
FILE_SUFFIX = "_file"

_ADDRESS = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")


def host_and_port(value: str) -> str:
    """
    Return *value* when it is ``HOST:PORT``; raise ``ValueError`` otherwise.
    """
    found = _ADDRESS.fullmatch(value)
    if not found or int(found[1]) > 65535:
        raise ValueError(f"must be HOST:PORT, such as 127.0.0.1:9464 or 0.0.0.0:9464, got {value!r}")
    return value


class _Section(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        alias_generator=lambda field: field.removesuffix("_seconds"),
    )


class Engine(_Section):
    """
    How checks are run.
    """

    concurrency: int = Field(default=50, ge=1, le=1000, description="runs at the same time")
    clean_up_seconds: Duration = Field(
        default=5.0, ge=0.1, le=300.0, description="time a run has to clean up, after its deadline too"
    )
    stall_limit_seconds: Duration = Field(
        default=30.0, ge=1.0, le=3600.0, description="after so long without a turn of the event loop, restart"
    )


class Web(_Section):
    """
    Where metrics and the status page are served.
    """

    listen: Annotated[str, AfterValidator(host_and_port)] = Field(
        default="127.0.0.1:9464",
        description="HOST:PORT; port 0 takes any that is free",
        json_schema_extra={"pattern": f"^{_ADDRESS.pattern}$"},
    )


class Log(_Section):
    """
    What is logged, and how it looks.
    """

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="the least to be logged")
    format: Literal["json", "text", "auto"] = Field(default="auto", description="auto: text on a terminal, else json")


class Settings(BaseSettings):
    """
    The whole configuration; ``load_settings`` makes it from a file, its constructor from nothing but its arguments.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    target: Target
    location: str = Field(
        default="local", pattern=r"^[a-z0-9][a-z0-9_.-]{0,62}$", description="where this daemon runs; a metric label"
    )
    identities: Mapping[str, Identity] = Field(default_factory=dict, description="who checks may act as, by name")
    checks: Mapping[str, Check] = Field(description="what is checked, by name")
    engine: Engine = Engine()
    web: Web = Web()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: Source,
        env_settings: Source,  # noqa: ARG003
        dotenv_settings: Source,  # noqa: ARG003
        file_secret_settings: Source,  # noqa: ARG003
    ) -> tuple[Source, ...]:
        """
        Read nothing but the arguments.
        """
        return (init_settings,)

    def secrets(self) -> list[str]:
        """
        Return every secret in it, wherever it stands: what a redactor must know.
        """
        return list(_secrets_in(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """
    What may stand at one place: the alternatives of an annotation, and how it is marked.
    """

    types: tuple[Any, ...]
    is_identity: bool = False
    is_duration: bool = False

    @property
    def is_secret(self) -> bool:
        """
        Whether the value must never be shown.
        """
        return SecretStr in self.types

    @property
    def is_collection(self) -> bool:
        """
        Whether a list or a mapping may stand here.
        """
        return any(issubclass(_class(kind), BaseModel | Collection) for kind in self.types if _class(kind) is not str)

    def fields(self) -> dict[str, tuple[FieldInfo, "Shape"]]:
        """
        Return the fields of the models that may stand here, by their key in the file.
        """
        return {key: field for model in self._models() for key, field in _fields(model).items()}

    def keys(self) -> list[str]:
        """
        Return the keys that may stand here, those of secret files among them.
        """
        fields = self.fields()
        return [*fields, *(f"{key}{FILE_SUFFIX}" for key, (_, shape) in fields.items() if shape.is_secret)]

    def secret_of(self, key: str) -> str | None:
        """
        Return the key of the secret whose file *key* names; None when it names none.
        """
        secret = key.removesuffix(FILE_SUFFIX)
        return secret if secret != key and self.at(secret).is_secret else None

    def at(self, key: str | int) -> "Shape":
        """
        Return what may stand under *key*: a shape without types when nothing may.
        """
        found = [shape for name, (_, shape) in self.fields().items() if name == key]
        if isinstance(key, str):
            found += [_shape(get_args(kind)[1]) for kind in self._generics(mapping=True)]
        else:
            found += [_shape(get_args(kind)[0]) for kind in self._generics(mapping=False)]
        return _merged(found)

    def kinds(self) -> list[str]:
        """
        Return the values of ``kind`` that tell the models apart which may stand here.
        """
        return [str(field.default) for model in self._models() if (field := model.model_fields.get("kind"))]

    def narrowed(self, value: object) -> "Shape":
        """
        Return what is left of the alternatives when *value* names its ``kind``.
        """
        kind = value.get("kind") if isinstance(value, Mapping) else None
        left = [
            model for model in self._models() if (field := model.model_fields.get("kind")) and field.default == kind
        ]
        return replace(self, types=tuple(left)) if left else self

    def of_keys(self) -> "Shape":
        """
        Return what the keys of a mapping may be.
        """
        return _merged([_shape(get_args(kind)[0]) for kind in self._generics(mapping=True)])

    def _models(self) -> list[type[BaseModel]]:
        return [kind for kind in self.types if issubclass(_class(kind), BaseModel)]

    def _generics(self, *, mapping: bool) -> list[Any]:
        found = [kind for kind in self.types if get_args(kind) and issubclass(_class(kind), Collection)]
        return [kind for kind in found if issubclass(_class(kind), Mapping) is mapping]


def _secrets_in(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        yield from _secrets_in(dict(value))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _secrets_in(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _secrets_in(inner)


def _class(kind: Any) -> type:
    found = get_origin(kind) or kind
    return found if isinstance(found, type) else object


@cache
def _fields(model: type[BaseModel]) -> dict[str, tuple[FieldInfo, Shape]]:
    # A check is named by its key, so its name is no field of the file.
    return {
        field.alias or name: (field, _shape(Annotated[field.annotation, field]))
        for name, field in model.model_fields.items()
        if not (issubclass(model, Check) and name == "name")
    }


def _shape(annotation: Any) -> Shape:
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        fields = [mark for mark in marks if isinstance(mark, FieldInfo)]
        marks += [mark for field in fields for mark in field.metadata]
        marked = Shape(
            types=(),
            is_identity=any(_marks_identity(field.json_schema_extra) for field in fields),
            is_duration=any(isinstance(mark, BeforeValidator) and mark.func is parse_duration for mark in marks),
        )
        return _merged([_shape(inner), marked])
    if get_origin(annotation) in {Union, types.UnionType}:
        return _merged([_shape(kind) for kind in get_args(annotation)])
    return Shape(types=(annotation,))


def _marks_identity(extra: object) -> bool:
    return isinstance(extra, dict) and extra.get("identity") is True


def _merged(shapes: Sequence[Shape]) -> Shape:
    return Shape(
        types=tuple(kind for shape in shapes for kind in shape.types),
        is_identity=any(shape.is_identity for shape in shapes),
        is_duration=any(shape.is_duration for shape in shapes),
    )


def json_schema(registry: Registry) -> dict[str, Any]:
    """
    Return the JSON schema (draft 2020-12) of the whole file, for editors.

    It does not see through ``${NAME}``: an editor may underline one where no text is expected.
    """
    models: list[type[BaseModel]] = [Settings, *registry.kinds.values()]
    references, found = models_json_schema([(model, "validation") for model in models], ref_template="#/$defs/{model}")
    definitions = {name: _polished(definition) for name, definition in found["$defs"].items()}
    root, check = definitions.pop("Settings"), definitions.pop("Check")
    kinds = {kind: references[model, "validation"] for kind, model in sorted(registry.kinds.items())}
    for kind, reference in kinds.items():
        _name_kind(definitions[reference["$ref"].rpartition("/")[2]], kind)
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


def _name_kind(definition: dict[str, Any], kind: str) -> None:
    del definition["properties"]["name"]
    definition["required"].remove("name")
    definition["required"].append("kind")
    definition["properties"] = {"kind": {"const": kind}} | definition["properties"]


def _polished(schema: dict[str, Any]) -> dict[str, Any]:
    """
    Return what pydantic wrote in the terms of the file: durations as text, secrets also by file, no marks of ours.
    """
    # Bounds of durations: seconds, which the text does not have.
    dropped = {
        "title",
        "identity",
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
