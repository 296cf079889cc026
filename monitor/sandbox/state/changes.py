"""
How an attribute (column) that is there can be changed: all but its type, and whether it is a list.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from monitor.sandbox.state.attributes import (
    KINDS,
    LONGEST_ELEMENT,
    Kind,
    is_taken,
    require_default_allowed,
    with_bounds,
    with_default,
)
from monitor.sandbox.state.parameters import Fields, boolean_in, key_in, present, ranged_in, texts_in
from monitor.sandbox.state.refusals import already_there, not_available, refused
from monitor.sandbox.state.schema import Attribute


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    What the body of an update asks for; a ``default`` of None takes the default away.
    """

    kind: Kind
    fields: Fields
    required: bool
    default: object
    size: int | None
    elements: tuple[str, ...]
    new_key: str | None

    def of(self, attribute: Attribute, *, noun: str, now: str) -> Attribute:
        """
        Return *attribute* as it is afterwards, under its new key; refuse what cannot be.
        """
        if attribute.status != "available":
            raise not_available(noun, attribute.key)
        if not self.kind.fits(attribute):
            message = f"The {noun} type is invalid."
            raise refused(noun, "type_invalid", message)
        changed = replace(attribute, required=self.required, default=self.default, updated_at=now)
        require_default_allowed(changed, noun=noun)
        if self.kind.format == "enum":
            if not self.elements:
                raise refused(noun, "value_invalid", "Enum elements must not be empty")
            changed = replace(changed, elements=self.elements)
        if self.size is not None:
            changed = replace(changed, size=self.size)
        changed = with_default(with_bounds(changed, self.fields, noun=noun), noun=noun, now=now)
        return replace(changed, key=self.new_key or attribute.key)


def read_change(kind: str, fields: Fields) -> Change:
    """
    Return the change that a body asks for; refuse bad parameters.
    """
    made = KINDS[kind]
    sized = made.longest and fields.get("size") is not None
    return Change(
        kind=made,
        fields=fields,
        required=boolean_in(fields, "required"),
        default=present(fields, "default"),
        size=ranged_in(fields, "size", lowest=1, highest=made.longest) if sized else None,
        elements=texts_in(fields, "elements", longest=LONGEST_ELEMENT) if made.format == "enum" else (),
        new_key=None if fields.get("newKey") is None else key_in(fields, "newKey"),
    )


def require_renamable(change: Change, attribute: Attribute, attributes: Iterable[str], *, noun: str) -> None:
    """
    Refuse a new key that another attribute has.
    """
    new = change.new_key
    others = [each for each in attributes if each != attribute.key]
    if new is not None and is_taken(new, others):
        raise already_there(noun, new)
