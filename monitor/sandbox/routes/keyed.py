"""
Lists of what has a key or id of its own: only those of the page that is answered are shown in full.
"""

from collections.abc import Callable, Mapping, Sequence

from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.routing import Call
from monitor.sandbox.state.queries import Record, cursor_not_found, cursor_of, parse, select

Show = Callable[[str], Record]


def listed_by_key(
    call: Call, nouns: tuple[str, str], records: Mapping[str, Record], show: Show, *, askable: Sequence[str]
) -> Answer:
    """
    Return what the queries of the call ask for, as *show* makes it of a key; *nouns* are the singular and the plural.

    *records* hold, by key, what queries may name: *askable* beside Appwrite's own. Cursors name a key.
    """
    queries = parse(call.texts("queries"), attributes=askable)
    cursor = cursor_of(queries)
    if cursor is not None and cursor not in records:
        raise cursor_not_found(cursor, noun=nouns[0])
    page = select(queries, [{**each, "$id": key} for key, each in records.items()])
    total = page.total if call.flag("total", default=True) else 0
    return Answer(body={"total": total, nouns[1]: [show(str(each["$id"])) for each in page.records]})
