"""
Attributes (columns) and indexes: what is declared when a collection is created, and how it is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.sandbox.errors import argument_invalid

# Types as they are declared, and as they are stored: (type, format).
_DECLARED: dict[str, tuple[str, str]] = {
    "string": ("string", ""),
    "varchar": ("varchar", ""),
    "text": ("text", ""),
    "mediumtext": ("mediumtext", ""),
    "longtext": ("longtext", ""),
    "integer": ("integer", ""),
    "bigint": ("bigint", ""),
    "float": ("double", ""),
    "double": ("double", ""),
    "boolean": ("boolean", ""),
    "datetime": ("datetime", ""),
    "enum": ("string", "enum"),
    "email": ("string", "email"),
    "url": ("string", "url"),
    "ip": ("string", "ip"),
}
_TEXT_TYPES = {"string", "varchar", "text", "mediumtext", "longtext"}
_NUMBER_TYPES = {"integer", "bigint", "double"}
# What a row takes before it has any attribute, and the bytes of each fixed-size type.
_EMPTY_ROW_BYTES = 1067
_FIXED_BYTES = {"integer": 4, "bigint": 8, "double": 8, "boolean": 1, "datetime": 7}
# Longer texts live outside of the row, which holds 20 bytes for each.
_LONGEST_INLINE = 16383


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """
    One attribute, ``available``; *format* is ``enum``, ``email``, ``url``, ``ip`` or empty.
    """

    key: str
    type: str
    created_at: str
    format: str = ""
    required: bool = False
    array: bool = False
    default: object = None
    size: int = 0
    elements: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    status: str = "available"

    @property
    def is_text(self) -> bool:
        """
        Whether values are strings without a format.
        """
        return self.type in _TEXT_TYPES and not self.format

    def row_bytes(self) -> int:
        """
        Return the bytes that the attribute takes in a row.
        """
        if self.type not in _TEXT_TYPES:
            return _FIXED_BYTES[self.type]
        size = self.size or 255
        if size > _LONGEST_INLINE:
            return 20
        return size * 4 + (2 if size > 255 else 1)

    def shown(self) -> dict[str, object]:
        """
        Return the attribute as an answer shows it.
        """
        shown: dict[str, object] = {
            "key": self.key,
            "type": self.type,
            "status": self.status,
            "error": "",
            "required": self.required,
            "array": self.array,
            "$createdAt": self.created_at,
            "$updatedAt": self.created_at,
        }
        return shown | self._specifics() | {"default": self.default} | ({"encrypt": False} if self.is_text else {})

    def _specifics(self) -> dict[str, object]:
        if self.format == "enum":
            return {"elements": list(self.elements), "format": "enum"}
        if self.format or self.type == "datetime":
            return {"format": self.format}
        if self.type in _NUMBER_TYPES:
            return {"min": self.minimum, "max": self.maximum}
        return {"size": self.size} if self.type in {"string", "varchar"} else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """
    One index, ``available``.
    """

    id: str
    key: str
    type: str
    created_at: str
    attributes: tuple[str, ...]
    orders: tuple[str, ...] = field(default=())

    def shown(self, attributes_noun: str) -> dict[str, object]:
        """
        Return the index as an answer shows it; *attributes_noun* is ``attributes`` or ``columns``.
        """
        return {
            "$id": self.id,
            "$createdAt": self.created_at,
            "$updatedAt": self.created_at,
            "key": self.key,
            "type": self.type,
            "status": "available",
            "error": "",
            attributes_noun: list(self.attributes),
            "lengths": [0] * len(self.attributes),
            "orders": list(self.orders),
        }


def row_bytes(attributes: Mapping[str, Attribute]) -> int:
    """
    Return the bytes that a row takes (``bytesUsed``).
    """
    return _EMPTY_ROW_BYTES + sum(each.row_bytes() for each in attributes.values())


def parse_attribute(declared: object, *, parameter: str, now: str) -> Attribute:
    """
    Return the attribute that a body declares; *parameter* names it in a refusal.
    """
    if not isinstance(declared, Mapping) or not isinstance(declared.get("key"), str) or not declared["key"]:
        raise argument_invalid(parameter, "Each attribute must be an object with a key and a type")
    type_, format_ = _DECLARED.get(str(declared.get("type")), ("", ""))
    if not type_:
        raise argument_invalid(parameter, f"Invalid type for attribute '{declared['key']}'")
    if declared.get("required") and declared.get("default") is not None:
        raise argument_invalid(parameter, f"Attribute '{declared['key']}': a required attribute cannot have a default")
    return Attribute(
        key=declared["key"],
        type=type_,
        created_at=now,
        format=format_ or str(declared.get("format") or ""),
        required=bool(declared.get("required")),
        array=bool(declared.get("array")),
        default=declared.get("default"),
        size=int(declared.get("size") or 0),
        elements=tuple(str(each) for each in declared.get("elements") or ()),
        minimum=declared.get("min"),
        maximum=declared.get("max"),
    )


def parse_index(declared: object, *, number: int, attributes_noun: str, now: str) -> Index:
    """
    Return the index that a body declares.
    """
    if not isinstance(declared, Mapping) or not isinstance(declared.get("key"), str):
        raise argument_invalid("indexes", "Each index must be an object with a key, a type and attributes")
    return Index(
        id=f"1_{number}_{declared['key']}",
        key=declared["key"],
        type=str(declared.get("type") or "key"),
        created_at=now,
        attributes=tuple(str(each) for each in declared.get(attributes_noun) or declared.get("attributes") or ()),
        orders=tuple(str(each) for each in declared.get("orders") or ()),
    )
