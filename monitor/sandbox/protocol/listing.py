"""
Lists of anything that is shown as a flat record: queries, a search, a total.
"""

from collections.abc import Sequence

from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.routing import Call
from monitor.sandbox.state.queries import Record, cursor_not_found, cursor_of, parse, select


def listed(call: Call, noun: str, records: Sequence[Record], *, askable: Sequence[str]) -> Answer:
    """
    Return those of *records* that the queries of the call ask for, as ``{"total": …, noun: […]}``.

    *askable* are the attributes that queries may name beside Appwrite's own.
    """
    queries = parse(call.texts("queries"), attributes=askable)
    cursor = cursor_of(queries)
    if cursor is not None and all(each["$id"] != cursor for each in records):
        raise cursor_not_found(cursor, noun=noun.removesuffix("s"))
    page = select(queries, records)
    total = page.total if call.flag("total", default=True) else 0
    return Answer(body={"total": total, noun: list(page.records)})


def matching(call: Call, records: Sequence[Record], *, of: Sequence[str]) -> list[Record]:
    """
    Return those of *records* that hold the text of ``search`` in one of the attributes *of*.
    """
    searched = call.text("search", default="").lower()
    return [each for each in records if any(searched in str(each[key]).lower() for key in of)]
