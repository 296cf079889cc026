"""
Conditions as the database behind Appwrite judges them: three-valued, so that null passes none but the tests for null.

A query becomes one function of a value, made once for a list of any length. Texts compare as ``collation`` says; lists
hold a value only when it is the very same.
"""

import re
from collections.abc import Callable, Sequence

from monitor.sandbox.state.collation import compared, folded
from monitor.sandbox.state.pattern import Pattern
from monitor.sandbox.state.query import LOGIC, Query

Test = Callable[[object], bool]
# The value that a document, a user, … has under a name.
ValueOf = Callable[[str], object]
Condition = Callable[[ValueOf], bool]

_WORDS = re.compile(r"\w+")
# What a fulltext index holds of a word, and what has a meaning of its own in a search.
_SHORTEST_WORD = 3
_OPERATORS = str.maketrans(dict.fromkeys('@+-*)(<>~"', " "))


def condition(query: Query) -> Condition:
    """
    Return the function that tells whether something passes a filter.
    """
    if query.method in LOGIC:
        parts = [condition(each) for each in query.nested]
        if query.method == "and":
            return lambda value_of: all(part(value_of) for part in parts)
        return lambda value_of: any(part(value_of) for part in parts)
    name, test = query.attribute, _test(query.method, query.values)
    return lambda value_of: test(value_of(name))


def _test(method: str, values: Sequence[object]) -> Test:
    if method == "isNull":
        return lambda value: value is None
    if method == "isNotNull":
        return lambda value: value is not None
    if method == "notSearch":
        found = _search(values)
        return lambda value: not found(value)
    if method.startswith("not"):
        positive = _POSITIVE[method[3:4].lower() + method[4:]](values)
        return lambda value: value is not None and not positive(value)
    return _POSITIVE[method](values)


def _equal(values: Sequence[object]) -> Test:
    texts = {compared(each) for each in values if isinstance(each, str)}
    others = [each for each in values if not isinstance(each, str)]

    def test(value: object) -> bool:
        if isinstance(value, str):
            return compared(value) in texts
        return value is not None and any(_same(value, each) for each in others)

    return test


def _same(value: object, wanted: object) -> bool:
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted


def _ordered(holds: Callable[[int], bool]) -> Callable[[Sequence[object]], Test]:
    def of(values: Sequence[object]) -> Test:
        wanted = values[0]

        def test(value: object) -> bool:
            difference = _difference(value, wanted)
            return difference is not None and holds(difference)

        return test

    return of


def _difference(value: object, wanted: object) -> int | None:
    """
    Return how *value* stands to *wanted*: below 0, 0 or above; None when they cannot be compared.
    """
    if isinstance(value, str) and isinstance(wanted, str):
        one, other = compared(value), compared(wanted)
        return (one > other) - (one < other)
    if isinstance(value, int | float) and isinstance(wanted, int | float):
        return (value > wanted) - (value < wanted)
    return None


def _between(values: Sequence[object]) -> Test:
    low, high = values

    def test(value: object) -> bool:
        above, below = _difference(value, low), _difference(value, high)
        return above is not None and below is not None and above >= 0 >= below

    return test


def _contains(values: Sequence[object]) -> Test:
    texts = [folded(each) for each in values if isinstance(each, str)]

    def test(value: object) -> bool:
        if isinstance(value, list):
            return any(_same(held, each) for held in value for each in values)
        return isinstance(value, str) and any(each in folded(value) for each in texts)

    return test


def _contains_all(values: Sequence[object]) -> Test:
    parts = [_contains([each]) for each in values]
    return lambda value: all(part(value) for part in parts)


def _starts(values: Sequence[object]) -> Test:
    start = folded(str(values[0]))
    return lambda value: isinstance(value, str) and folded(value).startswith(start)


def _ends(values: Sequence[object]) -> Test:
    end = folded(str(values[0]))
    return lambda value: isinstance(value, str) and folded(value).endswith(end)


def _matches(values: Sequence[object]) -> Test:
    pattern = Pattern(str(values[0]))
    return lambda value: isinstance(value, str) and pattern.found_in(value)


def _search(values: Sequence[object]) -> Test:
    """
    Any of the words, the last one only begun; in quotes, all of them one after the other.
    """
    text = str(values[0])
    wanted = _WORDS.findall(folded(text.translate(_OPERATORS)))
    exact = len(text) > 1 and text.startswith('"') and text.endswith('"')

    def test(value: object) -> bool:
        if not wanted or not isinstance(value, str):
            return False
        words = _WORDS.findall(folded(value))
        if exact:
            count = len(wanted)
            return any(words[start : start + count] == wanted for start in range(len(words) - count + 1))
        indexed = [each for each in words if len(each) >= _SHORTEST_WORD]
        return any(each in wanted or each.startswith(wanted[-1]) for each in indexed)

    return test


_POSITIVE: dict[str, Callable[[Sequence[object]], Test]] = {
    "equal": _equal,
    "lessThan": _ordered(lambda difference: difference < 0),
    "lessThanEqual": _ordered(lambda difference: difference <= 0),
    "greaterThan": _ordered(lambda difference: difference > 0),
    "greaterThanEqual": _ordered(lambda difference: difference >= 0),
    "between": _between,
    "contains": _contains,
    "containsAny": _contains,
    "containsAll": _contains_all,
    "startsWith": _starts,
    "endsWith": _ends,
    "regex": _matches,
    "search": _search,
}
