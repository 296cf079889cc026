"""
Whether a profile fits the manifest: what its writers write, and what its readers ask for.

What only the platform's own mistakes show, such as a filter on an attribute that nobody writes, is left to the journey.
"""

from collections.abc import Iterator, Mapping

from monitor.core.errors import unknown
from monitor.core.manifest import DeclaredAttribute, DeclaredCollection, Manifest
from monitor.journey.profile import Profile
from monitor.journey.template import fill, placeholders_in
from monitor.journey.where import moment_of, values_of

# Appwrite's own, which every document has.
_SYSTEM = "$"
_TEXTS = frozenset({"string", "varchar", "text", "mediumtext", "longtext", "email", "url", "ip"})
# What is filled in at least: those that the monitor makes are as long as an id may be, others are whatever they are.
_LEAST = {
    **dict.fromkeys(("booking", "chat", "text", "reply"), 36 * "x"),
    **dict.fromkeys(("customer", "therapist", "therapist_user"), "x"),
}


def objection_to(profile: Profile, manifest: Manifest) -> str:
    """
    Return all that keeps *profile* from being played where *manifest* holds, as a message of the configuration.
    """
    problems = "; ".join(dict.fromkeys(_problems(profile, manifest)))
    return f"profile {profile.name!r}: {problems}" if problems else ""


def _problems(profile: Profile, manifest: Manifest) -> Iterator[str]:
    optional = {record.collection for _, record in profile.records() if record.optional}
    for place, collection in _collections(profile):
        if collection not in manifest.collections and collection not in optional:
            yield f"{place}: {unknown('collection', collection, manifest.collections)}, in the manifest"
    for place, collection, data in _written(profile):
        if declared := manifest.collections.get(collection):
            yield from _unwritable(place, declared, data, is_whole=place.endswith(".data"))
    for place, collection, where in _asked(profile):
        if declared := manifest.collections.get(collection):
            yield from _wrong_values(place, declared, where)


def _collections(profile: Profile) -> Iterator[tuple[str, str]]:
    for name, record in profile.records():
        yield f"{name}.collection", record.collection
    for name, message in profile.messages():
        yield f"{name}.collection", message.collection
    yield "dashboard.collection", profile.dashboard.collection
    if profile.therapist is not None:
        yield "therapist.collection", profile.therapist.collection
    if profile.switch is not None:
        yield "switch.collection", profile.switch.collection
    for collection in profile.traces:
        yield "traces", collection


def _written(profile: Profile) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    for name, record in profile.records():
        if record.by != "platform":
            yield f"{name}.data", record.collection, record.data
    for name, message in profile.messages():
        # What a function is called with is no document.
        if message.function is None:
            yield f"{name}.data", message.collection, message.data
    for name, change in (("accept", profile.accept), ("decline", profile.decline), ("expiry", profile.expiry)):
        if change is not None:
            yield name, profile.booking.collection, change.data


def _asked(profile: Profile) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    for name, record in profile.records():
        yield f"{name}.where", record.collection, record.where
    for name, message in profile.messages():
        yield f"{name}.where", message.collection, {**message.where, message.text: "{text}"}
    yield "dashboard.where", profile.dashboard.collection, profile.dashboard.where
    if profile.therapist is not None:
        yield "therapist.where", profile.therapist.collection, profile.therapist.where
    if profile.switch is not None:
        yield "switch.attribute", profile.switch.collection, {profile.switch.attribute: profile.switch.on}
    for collection, attribute in profile.traces.items():
        yield "traces", collection, {attribute: "{booking}"}


def _unwritable(
    place: str, declared: DeclaredCollection, data: Mapping[str, object], *, is_whole: bool
) -> Iterator[str]:
    yield from _wrong_values(place, declared, data)
    if is_whole:
        for key, attribute in declared.attributes.items():
            if attribute.required and key not in data:
                yield f"{place} lacks {key!r}, which the manifest requires: add it"


def _wrong_values(place: str, declared: DeclaredCollection, values: Mapping[str, object]) -> Iterator[str]:
    for key, condition in values.items():
        if key.startswith(_SYSTEM):
            continue
        attribute = declared.attributes.get(key)
        if attribute is None:
            yield f"{place}: {unknown('attribute', key, declared.attributes)}, in the manifest"
            continue
        for value in () if attribute.array else values_of(condition):
            if flaw := _flaw(attribute, value):
                yield f"{place}.{key}: {flaw}"


def _flaw(attribute: DeclaredAttribute, value: object) -> str:
    match attribute.type:
        case "enum":
            elements = attribute.elements or ()
            return "" if value in elements else f"{value!r} is none of {', '.join(elements)}"
        case "boolean":
            return "" if isinstance(value, bool) else f"expected true or false, got {value!r}"
        case "integer" | "bigint" | "double":
            return _number_flaw(attribute, value)
        case "datetime":
            is_one = moment_of(value) is not None or any(placeholders_in(value))
            return "" if is_one else f"expected a time such as 2026-01-23T09:30:00Z, got {value!r}"
    return _text_flaw(attribute, value) if attribute.type in _TEXTS else ""


def _text_flaw(attribute: DeclaredAttribute, value: object) -> str:
    if not isinstance(value, str):
        return f"expected text, got {value!r}: put it in quotes"
    length = len(str(fill(value, _LEAST)))
    if attribute.size is None or length <= attribute.size:
        return ""
    return f"{value!r} is {length} characters long, and the manifest holds {attribute.size}"


def _number_flaw(attribute: DeclaredAttribute, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"expected a number, got {value!r}"
    if attribute.min is not None and value < attribute.min:
        return f"{value:g} is below {attribute.min:g}"
    if attribute.max is not None and value > attribute.max:
        return f"{value:g} is above {attribute.max:g}"
    return ""
