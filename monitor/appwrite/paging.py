"""
Lists of Appwrite, page by page to their end.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from yarl import URL

from monitor.appwrite import query
from monitor.appwrite.failures import failed
from monitor.core.outcome import Reason

# More than any platform has, few enough to end within a run.
_MOST = 5_000


class _Listed(Protocol):
    @property
    def id(self) -> str: ...


L = TypeVar("L", bound=_Listed)


async def all_pages(
    page_of: Callable[[str], Awaitable[Sequence[L]]], *, per_page: int, thing: str, identity: str
) -> tuple[L, ...]:
    """
    Return all of a list; *page_of* asks for one page of it, by the query string that it is given.

    Raises ``CheckFailed`` (``protocol``) when the list does not end.
    """
    found: list[L] = []
    while len(found) < _MOST:
        behind = [query.cursor_after(found[-1].id)] if found else []
        page = await page_of(query_string([query.limit(per_page), *behind]))
        found += page
        if len(page) < per_page:
            return tuple(found)
    text = f"{thing} does not end after {len(found)}: check that the server heeds the cursor"
    raise failed(Reason.PROTOCOL, text, identity=identity)


def query_string(queries: Sequence[str]) -> str:
    """
    Return *queries* as they stand behind a path, with the question mark; empty when there are none.
    """
    if not queries:
        return ""
    # By aiohttp's own library, whose quoting is compiled: a journey asks with some thirty queries.
    named = [(f"queries[{number}]", text) for number, text in enumerate(queries)]
    return f"?{URL.build(query=named).raw_query_string}"
