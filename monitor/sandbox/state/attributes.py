"""
What a caller may declare of an attribute (column).

Relationships and places (``relationship``, ``point``, ``line``, ``polygon``) are not served: documents here cannot
hold them, so their routes answer 501 rather than make an attribute that nothing can be written to.
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.sandbox.errors import AppwriteError, argument_invalid
from monitor.sandbox.state.parameters import (
    HIGHEST_INTEGER,
    LOWEST_INTEGER,
    Fields,
    boolean_in,
    integer_in,
    key_in,
    number_in,
    ranged_in,
    texts_in,
)
from monitor.sandbox.state.refusals import already_there, refused, too_many
from monitor.sandbox.state.schema import MAX_ROW_BYTES, NUMBER_TYPES, TEXT_TYPES, Attribute, row_bytes
from monitor.sandbox.state.structure import Structure

LONGEST_ELEMENT = 255
# MariaDB's 1017 columns, less those of Appwrite's own.
MAX_ATTRIBUTES = 1012
_ENCRYPTED_MIN_SIZE = 150
# The highest number that fits into 32 bits; beyond it an integer takes 8 bytes.
_HIGHEST_SHORT = (1 << 31) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """
    What stands behind one ``…/attributes/{kind}``; *longest* is above 0 where a caller chooses the size.
    """

    type: str
    format: str = ""
    size: int = 0
    longest: int = 0

    def fits(self, attribute: Attribute) -> bool:
        """
        Return whether *attribute* was made as this kind.
        """
        return (self.type, self.format) == (attribute.type, attribute.format)


KINDS: Mapping[str, Kind] = {
    "string": Kind(type="string", longest=1_073_741_824),
    "varchar": Kind(type="varchar", longest=16_381),
    "text": Kind(type="text"),
    "mediumtext": Kind(type="mediumtext"),
    "longtext": Kind(type="longtext"),
    "enum": Kind(type="string", format="enum", size=LONGEST_ELEMENT),
    "email": Kind(type="string", format="email", size=254),
    "url": Kind(type="string", format="url", size=2000),
    "ip": Kind(type="string", format="ip", size=39),
    "integer": Kind(type="integer"),
    "bigint": Kind(type="bigint"),
    "float": Kind(type="double"),
    "boolean": Kind(type="boolean"),
    "datetime": Kind(type="datetime"),
}
# Kinds that version 1.8 does not know.
NEWER_KINDS = frozenset({"varchar", "text", "mediumtext", "longtext", "bigint"})


def declared(kind: str, fields: Fields, *, noun: str, now: str) -> Attribute:
    """
    Return the attribute that the body of a creation declares, ``processing``; refuse bad parameters.
    """
    made = KINDS[kind]
    attribute = Attribute(
        key=key_in(fields),
        type=made.type,
        format=made.format,
        size=ranged_in(fields, "size", lowest=1, highest=made.longest) if made.longest else made.size,
        elements=texts_in(fields, "elements", longest=LONGEST_ELEMENT) if made.format == "enum" else (),
        required=boolean_in(fields, "required"),
        array=boolean_in(fields, "array", default=False),
        default=fields.get("default"),
        encrypt=_encrypt(fields, made),
        status="processing",
        created_at=now,
    )
    return with_default(with_bounds(attribute, fields, noun=noun), noun=noun, now=now)


def with_bounds(attribute: Attribute, fields: Fields, *, noun: str) -> Attribute:
    """
    Return a number's attribute with the ``min`` and ``max`` of a body, where they are not sent its own or the type's.
    """
    if attribute.type not in NUMBER_TYPES:
        return attribute
    lowest: float | None
    highest: float | None
    if attribute.type == "double":
        lowest, highest = number_in(fields, "min"), number_in(fields, "max")
        ends: tuple[float, float] = (-sys.float_info.max, sys.float_info.max)
    else:
        lowest, highest, ends = integer_in(fields, "min"), integer_in(fields, "max"), (LOWEST_INTEGER, HIGHEST_INTEGER)
    minimum = _first(lowest, attribute.minimum, ends[0])
    maximum = _first(highest, attribute.maximum, ends[1])
    if minimum > maximum:
        raise refused(noun, "value_invalid", "Minimum value must be lesser than maximum value")
    size = attribute.size
    if attribute.type == "integer" and not size:
        size = 8 if maximum > _HIGHEST_SHORT else 4
    return replace(attribute, minimum=minimum, maximum=maximum, size=size)


def with_default(attribute: Attribute, *, noun: str, now: str) -> Attribute:
    """
    Return *attribute* with its default as documents will hold it; refuse one that no document could.
    """
    if attribute.default is None:
        return attribute
    if attribute.type in TEXT_TYPES and not isinstance(attribute.default, str):
        raise argument_invalid("default", "Value must be a valid string")
    bare = replace(attribute, required=False, array=False, default=None, status="available")
    structure = Structure(attributes={bare.key: bare}, noun="document", now=datetime.fromisoformat(now))
    try:
        value = structure.part({bare.key: attribute.default})[bare.key]
    except AppwriteError as error:
        raise _bad_default(attribute, error.message.partition(". ")[2], noun=noun) from None
    return replace(attribute, default=value)


def require_place(attribute: Attribute, attributes: Mapping[str, Attribute], *, noun: str, collection_id: str) -> None:
    """
    Refuse an attribute that cannot be added to *attributes*, in Appwrite's order.
    """
    require_default_allowed(attribute, noun=noun)
    if len(attributes) >= MAX_ATTRIBUTES or row_bytes(attributes) + attribute.row_bytes() >= MAX_ROW_BYTES:
        raise too_many(noun, collection_id)
    if is_taken(attribute.key, attributes):
        raise already_there(noun, attribute.key)


def require_default_allowed(attribute: Attribute, *, noun: str) -> None:
    """
    Refuse a default where none can ever be used.
    """
    if attribute.default is None:
        return
    if attribute.required:
        raise refused(noun, "default_unsupported", f"Cannot set default value for required {noun}")
    if attribute.array:
        raise refused(noun, "default_unsupported", f"Cannot set default value for array {noun}s")


def is_taken(key: str, keys: Iterable[str]) -> bool:
    """
    Return whether *key* is among *keys*; the database's columns do not tell upper case from lower.
    """
    return key.lower() in {each.lower() for each in keys}


def _encrypt(fields: Fields, made: Kind) -> bool:
    if made.format or made.type not in TEXT_TYPES:
        return False
    encrypt, size = boolean_in(fields, "encrypt", default=False), fields.get("size")
    if encrypt and made.longest and isinstance(size, int) and size < _ENCRYPTED_MIN_SIZE:
        message = f"Size too small. Encrypted strings require a minimum size of {_ENCRYPTED_MIN_SIZE} characters."
        raise AppwriteError(400, "general_bad_request", message)
    return encrypt


def _bad_default(attribute: Attribute, problem: str, *, noun: str) -> AppwriteError:
    if attribute.format == "enum":
        return refused(noun, "value_invalid", "Default value not found in elements")
    wrong_type = attribute.type in NUMBER_TYPES and (
        isinstance(attribute.default, bool) or not isinstance(attribute.default, int | float)
    )
    if not wrong_type and (attribute.type in NUMBER_TYPES or (attribute.size and not attribute.format)):
        return refused(noun, "value_invalid", problem)
    return argument_invalid("default", problem)


def _first(*values: float | None) -> float:
    return next(each for each in values if each is not None)
