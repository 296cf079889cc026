"""
Which part of a list is shown: filtered, ordered, after or before a cursor, cut.

What is listed is looked at as it is stored; only the page is ever shown. Without an order nothing is sorted, and the
counting ends at 5000, as a real server's does.
"""

import itertools
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from monitor.core.clock import SystemClock
from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.state.collation import compared
from monitor.sandbox.state.filters import Condition, condition
from monitor.sandbox.state.query import Query

T = TypeVar("T")

DEFAULT_LIMIT = 25
MAX_TOTAL = 5000
# Longer lists with a regular expression end as a real server's slow queries do.
PATTERN_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    One attribute to order by.
    """

    attribute: str
    descending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """
    What queries ask for; of several limits, offsets and cursors the first counts. *limit* None shows all.
    """

    conditions: tuple[Condition, ...] = ()
    slow: bool = False
    orders: tuple[Order, ...] = ()
    random: bool = False
    limit: int | None = DEFAULT_LIMIT
    offset: int = 0
    cursor: str | None = None
    backwards: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """
    What a list shows: *total* counts what fits, without limit, offset and cursor, up to 5000.
    """

    total: int
    records: Sequence[T]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[T]):
    """
    What can be listed, in the order in which it was made; *readable* hides the rest, *cursor* is where to begin.
    """

    items: Iterable[T]
    value_of: Callable[[T, str], object]
    readable: Callable[[T], bool] | None = None
    cursor: T | None = None

    def admits(self, item: T, shape: Shape) -> bool:
        """
        Return whether *item* is listed at all.
        """
        if self.readable is not None and not self.readable(item):
            return False
        return all(each(lambda name: self.value_of(item, name)) for each in shape.conditions)


def shape_of(queries: Iterable[Query], *, limit: int | None = DEFAULT_LIMIT) -> Shape:
    """
    Return what *queries* ask for together; *limit* is what counts when they name none.
    """
    queries = list(queries)
    cursor = next((each for each in queries if each.method in {"cursorAfter", "cursorBefore"}), None)
    named, offset = _first(queries, "limit"), _first(queries, "offset")
    filters = [each for each in queries if each.is_filter]
    return Shape(
        conditions=tuple(condition(each) for each in filters),
        slow=any(_is_slow(each) for each in filters),
        orders=tuple(
            Order(attribute=each.attribute, descending=each.method == "orderDesc")
            for each in queries
            if each.method in {"orderAsc", "orderDesc"}
        ),
        random=any(each.method == "orderRandom" for each in queries),
        limit=named if isinstance(named, int) else limit,
        offset=offset if isinstance(offset, int) else 0,
        cursor=None if cursor is None else str(next(iter(cursor.values), "")),
        backwards=cursor is not None and cursor.method == "cursorBefore",
    )


def cut(listing: Listing[T], shape: Shape) -> Page[T]:
    """
    Return the part of *listing* that *shape* asks for; raise ``database_timeout`` when that takes too long.
    """
    admitted = _admitted(listing, shape)
    if not shape.orders and not shape.random and listing.cursor is None:
        return _first_page(admitted, shape)
    found = list(admitted)
    # The cursor takes part in the order even if it does not fit itself, and is never shown.
    fits = listing.cursor is None or listing.admits(listing.cursor, shape)
    total = len(found) if fits else len(found) - 1
    ordered = _ordered(found, listing, shape)
    shown = _around(ordered, listing.cursor, shape) if listing.cursor is not None else _cut(ordered, shape)
    return Page(total=min(total, MAX_TOTAL), records=shown)


def sort_key(value: object) -> tuple[int, float, str]:
    """
    Return what a value is ordered by: null first, numbers before texts.
    """
    if value is None:
        return 0, 0, ""
    if isinstance(value, int | float):
        return 1, value, ""
    return 2, 0, compared(str(value))


def _first(queries: Iterable[Query], method: str) -> object:
    return next((each.values[0] for each in queries if each.method == method), None)


def _is_slow(query: Query) -> bool:
    return query.method == "regex" or any(_is_slow(each) for each in query.nested)


def _admitted(listing: Listing[T], shape: Shape) -> Iterable[T]:
    if not shape.conditions and listing.readable is None:
        return listing.items
    items = _hurried(listing.items) if shape.slow else listing.items
    return (each for each in items if each is listing.cursor or listing.admits(each, shape))


def _hurried(items: Iterable[T]) -> Iterable[T]:
    clock = SystemClock()
    ends_at = clock.monotonic() + PATTERN_SECONDS
    for item in items:
        if clock.monotonic() > ends_at:
            message = "Database timed out. Try adjusting your queries or adding an index."
            raise AppwriteError(408, "database_timeout", message)
        yield item


def _first_page(admitted: Iterable[T], shape: Shape) -> Page[T]:
    remaining = iter(admitted)
    skipped = sum(1 for _ in itertools.islice(remaining, shape.offset))
    shown = list(itertools.islice(remaining, shape.limit))
    counted = skipped + len(shown)
    counted += sum(1 for _ in itertools.islice(remaining, max(0, MAX_TOTAL - counted)))
    return Page(total=min(counted, MAX_TOTAL), records=shown)


def _ordered(found: list[T], listing: Listing[T], shape: Shape) -> list[T]:
    if shape.random:
        secrets.SystemRandom().shuffle(found)
    # Sorted by the last order first: a stable sort keeps it below the ones that follow.
    for order in reversed(shape.orders):
        name = order.attribute
        found.sort(key=lambda item: sort_key(listing.value_of(item, name)), reverse=order.descending)
    return found


def _around(ordered: Sequence[T], cursor: T, shape: Shape) -> Sequence[T]:
    at = next(number for number, each in enumerate(ordered) if each is cursor)
    if not shape.backwards:
        return _cut(ordered[at + 1 :], shape)
    # Backwards, limit and offset count from the cursor, but the order stays.
    return _cut(ordered[:at][::-1], shape)[::-1]


def _cut(ordered: Sequence[T], shape: Shape) -> Sequence[T]:
    return ordered[shape.offset :][: shape.limit]
