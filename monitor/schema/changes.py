"""
The parts in which two forms of an attribute, or of an index, differ.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from monitor.core.manifest import DeclaredAttribute, DeclaredIndex
from monitor.schema.structure import NUMBERS

ABSENT = "absent"
PRESENT = "present"

# What a type is made of; where types differ, their parts do not count.
_SIMPLE_PARTS = ("size", "min", "max", "related_collection", "relation_type", "two_way", "on_delete")
_PARTS = ("elements", *_SIMPLE_PARTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    One part that differs, empty for the whole; *declared* and *live* are its two forms as text.

    *result* is the attribute with this change alone, so that each is blamed for what it does by itself.
    """

    part: str
    declared: str
    live: str
    result: DeclaredAttribute | None = None

    @property
    def demands_a_value(self) -> bool:
        """
        Whether this change makes the attribute a required one.
        """
        return self.part in {"", "required"} and self.result is not None and self.result.required


def changes_of_attribute(was: DeclaredAttribute | None, becomes: DeclaredAttribute | None) -> Iterator[Change]:
    """
    Yield every part of an attribute that changed; None stands for one that is not there.
    """
    if was is None or becomes is None:
        yield Change(part="", declared=_attribute(was), live=_attribute(becomes), result=becomes)
        return
    if was.type == becomes.type:
        yield from _changes_of_elements(was, becomes)
        yield from _changes(was, becomes, _SIMPLE_PARTS)
    else:
        parts = {part: getattr(becomes, part) for part in ("type", *_PARTS)}
        yield Change(part="type", declared=_type(was), live=_type(becomes), result=was.model_copy(update=parts))
    yield from _changes(was, becomes, ("required", "array", "encrypt"))
    if _default(was) != _default(becomes):
        yield Change(part="default", declared=_shown(was.default), live=_shown(becomes.default), result=was)


def changes_of_index(was: DeclaredIndex | None, becomes: DeclaredIndex | None) -> Iterator[Change]:
    """
    Yield every part of an index that changed; None stands for one that is not there.
    """
    if was is None or becomes is None:
        yield Change(part="", declared=_index(was), live=_index(becomes))
        return
    if was.type != becomes.type:
        yield Change(part="type", declared=was.type, live=becomes.type)
    if was.attributes != becomes.attributes:
        yield Change(part="attributes", declared=_listed(was.attributes), live=_listed(becomes.attributes))
        return
    if orders_of(was) != orders_of(becomes):
        yield Change(part="orders", declared=_listed(orders_of(was)), live=_listed(orders_of(becomes)))
    if lengths_of(was) != lengths_of(becomes):
        yield Change(part="lengths", declared=_listed(lengths_of(was)), live=_listed(lengths_of(becomes)))


def lengths_of(index: DeclaredIndex) -> tuple[int, ...]:
    """
    Return how many characters count, one number an attribute, 0 for all.
    """
    lengths = [length or 0 for length in index.lengths]
    return tuple((lengths + [0] * len(index.attributes))[: len(index.attributes)])


def orders_of(index: DeclaredIndex) -> tuple[str, ...]:
    """
    Return the orders, one an attribute; one that is not given is ``ASC``.
    """
    orders = [(order or "ASC").upper() for order in index.orders]
    return tuple((orders + ["ASC"] * len(index.attributes))[: len(index.attributes)])


def _changes(was: DeclaredAttribute, becomes: DeclaredAttribute, parts: Iterable[str]) -> Iterator[Change]:
    for part in parts:
        before, after = getattr(was, part), getattr(becomes, part)
        if before != after:
            result = was.model_copy(update={part: after})
            yield Change(part=part.replace("_", " "), declared=_shown(before), live=_shown(after), result=result)


def _changes_of_elements(was: DeclaredAttribute, becomes: DeclaredAttribute) -> Iterator[Change]:
    before, after = was.elements or (), becomes.elements or ()
    for element in before:
        if element not in after:
            kept = was.model_copy(update={"elements": tuple(each for each in before if each != element)})
            yield Change(part=f"element {element!r}", declared=PRESENT, live=ABSENT, result=kept)
    for element in after:
        if element not in before:
            yield Change(part=f"element {element!r}", declared=ABSENT, live=PRESENT, result=was)


def _default(attribute: DeclaredAttribute) -> object:
    if attribute.type not in NUMBERS or attribute.default is None:
        return attribute.default
    try:
        # A YAML number of more than 18 digits comes as text.
        return Decimal(str(attribute.default))
    except InvalidOperation:
        return attribute.default


def _attribute(attribute: DeclaredAttribute | None) -> str:
    if attribute is None:
        return ABSENT
    words = [_type(attribute), *(["array"] if attribute.array else []), *(["required"] if attribute.required else [])]
    return " ".join(words)


def _type(attribute: DeclaredAttribute) -> str:
    if attribute.elements is not None:
        return f"{attribute.type} of {_listed(attribute.elements)}"
    if attribute.related_collection is not None:
        return f"{attribute.type} to {attribute.related_collection}"
    if attribute.size is not None:
        return f"{attribute.type} of {attribute.size}"
    if attribute.min is None and attribute.max is None:
        return attribute.type
    return f"{attribute.type} {_shown(attribute.min)} … {_shown(attribute.max)}"


def _index(index: DeclaredIndex | None) -> str:
    return ABSENT if index is None else f"{index.type} on {_listed(index.attributes)}"


def _listed(values: Iterable[object]) -> str:
    return ", ".join(str(value) for value in values)


def _shown(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.17g}"
        case str():
            return repr(value)
    return str(value)
