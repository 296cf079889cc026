"""
The rules on who checks act as: declared, and named as declared.
"""

from collections.abc import Iterator, Mapping, Sequence

from monitor.config.draft import Draft
from monitor.config.route import NOTHING, Route
from monitor.config.shape import Shape
from monitor.config.wording import choice, did_you_mean
from monitor.core.identity import KEY

# The kinds of identity that the server key signs in or removes.
_IDENTITIES_OF_THE_KEY = {"user", "anonymous"}


def judge_declared(draft: Draft) -> None:
    """
    Refuse an identity whose name is taken, or that needs a server key which is not there.
    """
    if KEY in draft.identities():
        message = "the name is taken by the server key of the target: rename it"
        draft.refuse(("identities", KEY), message, of_key=True)
    for name in draft.identities():
        kind = _kind_of(draft, name)
        if kind in _IDENTITIES_OF_THE_KEY and not _has_key(draft):
            message = f"an identity of kind {kind} needs the server key: add target.api_key or target.api_key_file"
            draft.refuse(("identities", name, "kind"), message)


def judge_used(draft: Draft) -> None:
    """
    Refuse a check that names an identity which is not declared, or cannot do what the check is for.
    """
    for route, name, shape in _used(draft):
        kind, wanted = _kind_of(draft, name), shape.identity_kind
        if name == KEY and not shape.takes_key:
            draft.refuse(
                route, "the server key proves nothing about users, and realtime takes it for a guest: name a user"
            )
        elif name == KEY and not _has_key(draft):
            draft.refuse(route, "identity 'key' is the server key: add target.api_key or target.api_key_file")
        elif name != KEY and name not in draft.identities():
            declared = [*draft.identities(), *([KEY] if shape.takes_key and _has_key(draft) else [])]
            draft.refuse(route, _not_declared(draft, route, name, declared), of_key=route[-1] == name)
        elif wanted and kind is not None and kind != wanted:
            message = f"identity {name!r} is of kind {kind}: name one of kind {wanted}, whom this check can sign in"
            draft.refuse(route, message)


def _kind_of(draft: Draft, name: str) -> str | None:
    kind = draft.at(("identities", name, "kind"))
    return kind if isinstance(kind, str) else None


def _has_key(draft: Draft) -> bool:
    return draft.at(("target", "api_key")) not in (None, NOTHING)


def _not_declared(draft: Draft, route: Route, name: str, declared: Sequence[str]) -> str:
    default = "" if draft.at(route) is not NOTHING else ", the default,"
    shown = draft.show(route, name)
    remedy = did_you_mean(name, declared)
    remedy = remedy or f": expected {choice(declared)}{', or ' if declared else ''}declare it under identities"
    return f"identity{f' {shown}' if shown else ''}{default} is not declared{remedy}"


def _used(draft: Draft) -> Iterator[tuple[Route, str, Shape]]:
    """
    Yield every place of a check where the name of an identity stands (or would, being a default), that name, and what
    else is said of that place.
    """
    for name, raw in draft.checks():
        kind = draft.kind(raw.get("kind"))
        for key, (field, shape) in Shape(types=(kind,)).fields().items() if kind else ():
            yield from _names(shape, raw.get(key, field.default), ("checks", name, key))


def _names(shape: Shape, value: object, route: Route) -> Iterator[tuple[Route, str, Shape]]:
    if isinstance(value, str):
        if shape.is_identity:
            yield route, value, shape
    elif isinstance(value, Mapping):
        of_keys = shape.of_keys()
        for key, inner in value.items():
            if of_keys.is_identity:
                yield (*route, key), key, of_keys
            yield from _names(shape.at(key), inner, (*route, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _names(shape.at(index), inner, (*route, index))
