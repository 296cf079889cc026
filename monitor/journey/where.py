"""
How one side looks for something: the same conditions as a query over REST, and as a filter on the events it receives.

``status: pending`` demands a value, ``status: [pending, confirmed]`` one of several, ``expiresAt: {after: "{now}"}`` a
greater one, ``{before: …}`` a lesser one, ``{not: …}`` any other. What has no value fits none of them. Both sides of
that mean the same, but for one thing: to the database two texts that differ in case are one, to a page they are not.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, JsonValue

from monitor.appwrite import query
from monitor.core.redaction import excerpt

_Compare = Callable[[object, object], bool]

# Shorter is no time of day.
_DATE_CHARACTERS = 10
_SHOWN_CHARACTERS = 40


def same(one: object, other: object) -> bool:
    """
    Return whether two values are one to Appwrite, which writes a time in its own form, whoever wrote it how.
    """
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    moment = moment_of(one)
    return one == other or (moment is not None and moment == moment_of(other))


def moment_of(value: object) -> datetime | None:
    """
    Return the time that a text is, as Appwrite writes and takes them; None when it is none.
    """
    if not isinstance(value, str) or value[_DATE_CHARACTERS : _DATE_CHARACTERS + 1] != "T":
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _order(got: object, limit: object) -> int:
    """
    Return how *got* stands to *limit*: below 0, 0 or above; 0 too when they cannot be compared.
    """
    one, other = moment_of(got) or got, moment_of(limit) or limit
    if isinstance(one, datetime) and isinstance(other, datetime):
        return (one > other) - (one < other)
    if isinstance(one, str) and isinstance(other, str):
        return (one > other) - (one < other)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return (one > other) - (one < other)
    return 0


# Our name → Appwrite's, and what passes.
_OPERATORS: Mapping[str, tuple[str, _Compare]] = {
    "after": ("greaterThan", lambda got, limit: _order(got, limit) > 0),
    "before": ("lessThan", lambda got, limit: _order(got, limit) < 0),
    "not": ("notEqual", lambda got, other: not same(got, other)),
}


def _checked(value: JsonValue) -> JsonValue:
    several = value if isinstance(value, list) else [value]
    if isinstance(value, dict):
        if len(value) != 1 or next(iter(value)) not in _OPERATORS:
            raise ValueError("a condition is a value, a list of values, or one of after, before and not with a value")
        several = list(value.values())
    if not several or any(each is None or isinstance(each, dict | list) for each in several):
        raise ValueError("a condition needs a value; a list of them stands alone, without after, before or not")
    return value


Condition = Annotated[JsonValue, AfterValidator(_checked)]


def queries(where: Mapping[str, object]) -> list[str]:
    """
    Return *where* as Appwrite's query strings.
    """
    return [_query(attribute, condition) for attribute, condition in where.items()]


def mismatch(where: Mapping[str, object], data: Mapping[str, object]) -> str:
    """
    Return the first attribute by which *data* does not fit *where*; empty when it fits.
    """
    return next((key for key, condition in where.items() if not _fits(condition, data.get(key))), "")


def values_of(condition: object) -> Sequence[object]:
    """
    Return the values that a condition names.
    """
    if isinstance(condition, Mapping):
        condition = next(iter(condition.values()))
    return condition if isinstance(condition, list) else [condition]


def show(condition: object) -> str:
    """
    Return *condition* as the rest of a sentence that begins with its attribute.
    """
    values = ", ".join(excerpt(str(value), characters=_SHOWN_CHARACTERS) for value in values_of(condition))
    if isinstance(condition, Mapping):
        return f"{next(iter(condition))} {values!r}"
    return f"one of {values!r}" if isinstance(condition, list) else f"= {values!r}"


def _query(attribute: str, condition: object) -> str:
    method = "equal"
    if isinstance(condition, Mapping):
        method = _OPERATORS[next(iter(condition))][0]
    return query.compare(method, attribute, *values_of(condition))


def _fits(condition: object, got: object) -> bool:
    # The database passes null for nothing, and so do pages that ask it.
    if got is None:
        return False
    if isinstance(condition, Mapping):
        name, limit = next(iter(condition.items()))
        return _OPERATORS[name][1](got, limit)
    return any(same(got, value) for value in values_of(condition))
