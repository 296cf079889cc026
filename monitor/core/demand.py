"""
What one run of a check needs of what Appwrite limits: what its kind declares, and what its identities take to sign in.
"""

import types
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from monitor.core.check import Check
from monitor.core.cost import Bucket, Limited, bucket_of
from monitor.core.identity import KEY, Anonymous, Identity, Password
from monitor.core.run import Surroundings


def demand_of(check: Check, identities: Mapping[str, Identity], *, has_key: bool) -> Mapping[Bucket, int]:
    """
    Return the most that one run of *check* sends (a minute, of a ``Watch``), by what Appwrite counts together.

    *has_key*: the target has a server key, which ends sessions uncounted.
    """
    demand = Counter[Bucket]()
    for cost in check.costs():
        if cost.count and cost.identity != KEY:
            demand[bucket_of(cost.what, cost.identity, identities)] += cost.count
    # Every run makes a new account for each of these.
    if visitors := _named(check, identities, Anonymous):
        demand[Bucket(what=Limited.ANONYMOUS_SIGN_INS)] += visitors
    # And signs each of these out, which a kind that is about signing out counts itself.
    if not has_key and (people := _named(check, identities, Password)):
        sign_outs = Bucket(what=Limited.SIGN_OUTS)
        demand[sign_outs] = max(demand[sign_outs], people)
    return demand


def room_for(check: Check, surroundings: Surroundings) -> AbstractAsyncContextManager[None]:
    """
    Wait until there is room for what a run of *check* sends, and hold it until the end of the block.
    """
    demand = demand_of(check, surroundings.identities, has_key=surroundings.target.api_key is not None)
    return surroundings.budget.room_for(check.name, demand)


def _named(check: Check, identities: Mapping[str, Identity], kind: type[Identity]) -> int:
    """
    Return how many identities of *kind* the check names.
    """
    of_kind = {name for name, identity in identities.items() if isinstance(identity, kind)}
    return len(of_kind.intersection(_identities_in(check))) if of_kind else 0


def _identities_in(model: BaseModel) -> Iterator[str]:
    for name, field in type(model).model_fields.items():
        yield from _names(Annotated[field.annotation, field], getattr(model, name))


def _names(annotation: Any, value: object) -> Iterator[str]:
    """
    Yield what stands in *value* where *annotation* is marked as the name of an identity.
    """
    if isinstance(value, BaseModel):
        yield from _identities_in(value)
    elif get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        if isinstance(value, str) and any(_is_identity(mark) for mark in marks):
            yield value
        yield from _names(inner, value)
    elif get_origin(annotation) in {Union, types.UnionType}:
        for alternative in get_args(annotation):
            yield from _names(alternative, value)
    elif isinstance(value, Mapping) and len(of := get_args(annotation)) == 2:
        for key, inner in value.items():
            yield from _names(of[0], key)
            yield from _names(of[1], inner)
    elif isinstance(value, Collection) and not isinstance(value, str) and (of := get_args(annotation)):
        for inner in value:
            yield from _names(of[0], inner)


def _is_identity(mark: object) -> bool:
    extra = mark.json_schema_extra if isinstance(mark, FieldInfo) else None
    return isinstance(extra, Mapping) and extra.get("identity") is True
