"""
Attributes (columns) and indexes as a collection keeps them, what they take of a row, and how they are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass

TEXT_TYPES = frozenset({"string", "varchar", "text", "mediumtext", "longtext"})
NUMBER_TYPES = frozenset({"integer", "bigint", "double"})
MAX_ROW_BYTES = 65_535
# What a row takes before it has any attribute, and the bytes of each fixed-size type.
_EMPTY_ROW_BYTES = 1067
_FIXED_BYTES = {"bigint": 8, "double": 8, "boolean": 1, "datetime": 7}
# Longer texts, the unsized ones and lists live outside of the row, which holds 20 bytes for each.
_LONGEST_INLINE = 16_381
_POINTER_BYTES = 20
_UNSIZED_TYPES = frozenset({"text", "mediumtext", "longtext"})
# Documents have an attribute from the moment it is available until it is gone; "stuck" is one that would not go.
_SERVING = frozenset({"available", "deleting", "stuck"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """
    One attribute; *format* is ``enum``, ``email``, ``url``, ``ip`` or empty, *status* what the worker made of it.

    *size* is in characters, for ``integer`` in bytes: 8 for one whose maximum takes 64 bits.
    """

    key: str
    type: str
    created_at: str
    updated_at: str = ""
    format: str = ""
    required: bool = False
    array: bool = False
    default: object = None
    size: int = 0
    elements: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    encrypt: bool = False
    status: str = "available"
    error: str = ""

    @property
    def is_text(self) -> bool:
        """
        Whether values are strings without a format.
        """
        return self.type in TEXT_TYPES and not self.format

    @property
    def serves(self) -> bool:
        """
        Whether documents may hold a value of it.
        """
        return self.status in _SERVING

    def row_bytes(self) -> int:
        """
        Return the bytes that the attribute takes in a row.
        """
        if self.array or self.type in _UNSIZED_TYPES:
            return _POINTER_BYTES
        if self.type == "integer":
            return max(4, self.size)
        if self.type not in TEXT_TYPES:
            return _FIXED_BYTES[self.type]
        size = self.size or 255
        if size > _LONGEST_INLINE:
            return _POINTER_BYTES
        return size * 4 + (2 if size > 255 else 1)

    def shown(self) -> dict[str, object]:
        """
        Return the attribute as an answer shows it.
        """
        shown: dict[str, object] = {
            "key": self.key,
            "type": self.type,
            "status": self.status,
            "error": self.error,
            "required": self.required,
            "array": self.array,
            "$createdAt": self.created_at,
            "$updatedAt": self.updated_at or self.created_at,
        }
        encrypt = {"encrypt": self.encrypt} if self.is_text else {}
        return shown | self._specifics() | {"default": self.default} | encrypt

    def _specifics(self) -> dict[str, object]:
        if self.format == "enum":
            return {"elements": list(self.elements), "format": "enum"}
        if self.format or self.type == "datetime":
            return {"format": self.format}
        if self.type in NUMBER_TYPES:
            return {"min": self.minimum, "max": self.maximum}
        return {"size": self.size} if self.type in {"string", "varchar"} else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """
    One index; *lengths* holds, for each attribute, how many characters of it count, 0 for all.
    """

    id: str
    key: str
    type: str
    created_at: str
    updated_at: str = ""
    attributes: tuple[str, ...]
    lengths: tuple[int, ...] = ()
    orders: tuple[str, ...] = ()
    status: str = "available"
    error: str = ""

    def length_at(self, position: int) -> int:
        """
        Return how many characters of an attribute count, 0 for all.
        """
        return self.lengths[position] if position < len(self.lengths) else 0

    def shown(self, attributes_noun: str) -> dict[str, object]:
        """
        Return the index as an answer shows it; *attributes_noun* is ``attributes`` or ``columns``.
        """
        return {
            "$id": self.id,
            "$createdAt": self.created_at,
            "$updatedAt": self.updated_at or self.created_at,
            "key": self.key,
            "type": self.type,
            "status": self.status,
            "error": self.error,
            attributes_noun: list(self.attributes),
            "lengths": [self.length_at(position) for position in range(len(self.attributes))],
            "orders": list(self.orders),
        }


def row_bytes(attributes: Mapping[str, Attribute]) -> int:
    """
    Return the bytes that a row takes (``bytesUsed``).
    """
    return _EMPTY_ROW_BYTES + sum(each.row_bytes() for each in attributes.values())
