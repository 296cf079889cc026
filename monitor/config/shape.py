"""
What may stand at a place of the file, as the models say it.
"""

import types
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, SecretStr
from pydantic.fields import FieldInfo

from monitor.core.check import Check
from monitor.core.duration import parse_duration

# A value may be kept in a file of its own: the key of a secret with this ending names the file.
FILE_SUFFIX = "_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """
    What may stand at one place: the alternatives of an annotation, and how it is marked.

    *identity_kind* is the kind that an identity must be of there, empty when any will do.
    """

    types: tuple[Any, ...]
    is_identity: bool = False
    takes_key: bool = False
    identity_kind: str = ""
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

    def kinds(self) -> list[str]:
        """
        Return the values of ``kind`` that tell the models apart which may stand here.
        """
        return [kind for model in self._models() if (kind := _kind(model))]

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
        if isinstance(key, int):
            return _merged([_shape(get_args(kind)[0]) for kind in self._generics(mapping=False)])
        fields = [_fields(model)[key][1] for model in self._models() if key in _fields(model)]
        return _merged([*fields, *(_shape(get_args(kind)[1]) for kind in self._generics(mapping=True))])

    def of_keys(self) -> "Shape":
        """
        Return what the keys of a mapping may be.
        """
        return _merged([_shape(get_args(kind)[0]) for kind in self._generics(mapping=True)])

    def narrowed(self, value: object) -> "Shape":
        """
        Return what is left of the alternatives when *value* names its ``kind``.
        """
        kind = value.get("kind") if isinstance(value, Mapping) else None
        left = [model for model in self._models() if kind and _kind(model) == kind]
        return replace(self, types=tuple(left)) if left else self

    def _models(self) -> list[type[BaseModel]]:
        return [kind for kind in self.types if issubclass(_class(kind), BaseModel)]

    def _generics(self, *, mapping: bool) -> list[Any]:
        found = [kind for kind in self.types if get_args(kind) and issubclass(_class(kind), Collection)]
        return [kind for kind in found if issubclass(_class(kind), Mapping) is mapping]


def _class(kind: Any) -> type:
    found = get_origin(kind) or kind
    return found if isinstance(found, type) else object


def _kind(model: type[BaseModel]) -> str:
    field = model.model_fields.get("kind")
    return str(field.default) if field else ""


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
        return _merged([_shape(inner), _marked(marks)])
    if get_origin(annotation) in {Union, types.UnionType}:
        return _merged([_shape(kind) for kind in get_args(annotation)])
    return Shape(types=(annotation,))


def _marked(marks: Sequence[object]) -> Shape:
    fields = [mark for mark in marks if isinstance(mark, FieldInfo)]
    inner = [mark for field in fields for mark in field.metadata]
    return Shape(
        types=(),
        is_identity=any(_is_marked(field, "identity") for field in fields),
        takes_key=any(_is_marked(field, "server_key") for field in fields),
        identity_kind=next(filter(None, (_identity_kind(field) for field in fields)), ""),
        is_duration=any(isinstance(mark, BeforeValidator) and mark.func is parse_duration for mark in [*marks, *inner]),
    )


def _identity_kind(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    return str(extra.get("identity_kind", "")) if isinstance(extra, dict) else ""


def _is_marked(field: FieldInfo, mark: str) -> bool:
    return isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get(mark) is True


def _merged(shapes: Sequence[Shape]) -> Shape:
    return Shape(
        types=tuple(kind for shape in shapes for kind in shape.types),
        is_identity=any(shape.is_identity for shape in shapes),
        takes_key=any(shape.takes_key for shape in shapes),
        identity_kind=next((shape.identity_kind for shape in shapes if shape.identity_kind), ""),
        is_duration=any(shape.is_duration for shape in shapes),
    )
