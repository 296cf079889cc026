"""
The manifest: what the collections of the target are declared to be, who writes to them, who reads them, who may.

``monitor manifest pull`` writes the part that Appwrite knows; writers, readers and access are declared by hand and kept
by the next pull. Attributes, indexes and permissions are named as the collection family does, whatever ``target.api``.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator

from monitor.core.role import Permission, Role
from monitor.core.target import AppwriteId


class Action(StrEnum):
    """
    What permissions are about; to read is to get, to list and to receive events.
    """

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


_ATTRIBUTE_TYPES = (
    *("string", "varchar", "text", "mediumtext", "longtext", "enum", "email", "url", "ip"),
    *("integer", "bigint", "double", "boolean", "datetime", "relationship", "point", "line", "polygon"),
)
_INDEX_TYPES = ("key", "unique", "fulltext", "spatial")


def _spelt(known: Sequence[str]) -> AfterValidator:
    """
    Refuse what is nearly, but not, one of *known*: a later version of Appwrite may have more.
    """

    def refuse_misspelt(value: str) -> str:
        guess = [] if value in known else get_close_matches(value, known, n=1, cutoff=0.6)
        if guess:
            raise ValueError(f"unknown type {value!r}: did you mean {guess[0]}?")
        return value

    return AfterValidator(refuse_misspelt)


AttributeType = Annotated[str, _spelt(_ATTRIBUTE_TYPES)]
IndexType = Annotated[str, _spelt(_INDEX_TYPES)]
Key = Annotated[str, Field(min_length=1, max_length=255)]
Scalar = str | int | float | bool


class DeclaredAttribute(_Declared):
    """
    One attribute; ``enum``, ``email``, ``url`` and ``ip`` are types here, which Appwrite calls formats of strings.
    """

    type: AttributeType = Field(
        min_length=1, max_length=32, description="string, enum, integer, double, boolean, datetime …"
    )
    required: bool = Field(default=False, description="a document without it is refused")
    array: bool = Field(default=False, description="holds a list of values")
    size: int | None = Field(default=None, ge=0, description="most characters of a string")
    elements: tuple[str, ...] | None = Field(default=None, description="the values of an enum")
    min: float | None = Field(default=None, description="least value of a number")
    max: float | None = Field(default=None, description="greatest value of a number")
    default: Scalar | None = Field(default=None, description="what Appwrite puts where a writer leaves it out")
    encrypt: bool = Field(default=False, description="a text that is stored encrypted; nobody can query it")
    related_collection: str | None = Field(default=None, max_length=36, description="id of what a relationship is to")
    relation_type: str | None = Field(default=None, max_length=32, description="oneToOne, manyToOne …")
    two_way: bool = Field(default=False, description="the related collection has an attribute of it too")
    on_delete: str | None = Field(default=None, max_length=32, description="restrict, cascade or setNull")

    @model_validator(mode="after")
    def _can_hold_a_value(self) -> Self:
        if self.type == "enum" and not self.elements:
            raise ValueError("an enum needs elements: name its values")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min:g} is above max {self.max:g}: no value would fit")
        return self


class DeclaredIndex(_Declared):
    """
    One index.
    """

    type: IndexType = Field(min_length=1, max_length=32, description="key, unique, fulltext or spatial")
    attributes: tuple[Key, ...] = Field(min_length=1, max_length=100, description="what it is over, in order")
    orders: tuple[str | None, ...] = Field(default=(), max_length=100, description="ASC or DESC, one an attribute")
    lengths: tuple[int | None, ...] = Field(default=(), max_length=100, description="characters that count; 0 for all")


class Writer(_Declared):
    """
    A program that writes documents: the form of the site, a function, an admin's tool.
    """

    action: Literal["create", "update"] = Field(default="create", description="an update may leave required ones out")
    writes: Mapping[Key, JsonValue] = Field(
        description="attribute → an example value, or null for any value that the manifest allows"
    )
    roles: tuple[Role, ...] = Field(
        default=(), max_length=100, description="Appwrite roles that it holds: any, users, team:ID …; none for the key"
    )


class Reader(_Declared):
    """
    A program that lists documents, by its query.
    """

    filters: tuple[Key, ...] = Field(default=(), max_length=100, description="attributes that it filters on")
    searches: tuple[Key, ...] = Field(default=(), max_length=100, description="attributes of a full-text search")
    sorts: tuple[Key, ...] = Field(default=(), max_length=100, description="attributes that it sorts by")
    values: Mapping[Key, JsonValue] = Field(default_factory=dict, description="attribute → a value it filters for")
    roles: tuple[Role, ...] = Field(
        default=(), max_length=100, description="Appwrite roles that it holds: any, users, team:ID …; none for the key"
    )


class DeclaredCollection(_Declared):
    """
    One collection.
    """

    name: str = Field(default="", max_length=128, description="display name; a difference in it is not reported")
    enabled: bool = Field(default=True, description="users get 404 from one that is not")
    document_security: bool = Field(default=False, description="documents' own permissions count too")
    permissions: tuple[Permission, ...] = Field(default=(), max_length=100, description='such as read("any")')
    attributes: Mapping[Key, DeclaredAttribute] = Field(default_factory=dict, description="by key")
    indexes: Mapping[Key, DeclaredIndex] = Field(default_factory=dict, description="by key")
    writers: Mapping[str, Writer] = Field(
        default_factory=dict,
        description="who writes, by name; without any, whoever writes all and only what is required",
    )
    readers: Mapping[str, Reader] = Field(default_factory=dict, description="who queries, by name")
    access: Mapping[str, tuple[Action, ...]] | None = Field(
        default=None,
        description="identity → what it may do with every document; without it, what the permissions grant its roles",
    )


class Manifest(_Declared):
    """
    The baseline of a target.
    """

    database: AppwriteId | None = Field(default=None, description="id of the database it was pulled from")
    collections: Mapping[AppwriteId, DeclaredCollection] = Field(description="by id")
