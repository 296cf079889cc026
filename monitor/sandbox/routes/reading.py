"""
Reading documents (rows): one, or a list of those that queries name.

Queries are judged before the permission to list. A document that may not be read is 404; a list is 401 only without
document security, otherwise it shows what may be read.
"""

from collections.abc import Sequence

from monitor.sandbox.errors import AppwriteError, argument_invalid, not_found
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.authorization import may, reading
from monitor.sandbox.protocol.documents import ONE_OPERATION, Sheet, document_id_of
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.protocol.staging import seen, transaction_id_of
from monitor.sandbox.routes.collections import find_collection
from monitor.sandbox.state.page import Listing, cut, shape_of
from monitor.sandbox.state.queries import cursor_not_found, selected
from monitor.sandbox.state.query import CURSORS, Query, malformed, read_query, require_few
from monitor.sandbox.state.storage import askable, value_of
from monitor.sandbox.state.world import Collection, Document

_MAX_TTL_SECONDS = 86_400
# Longer lists are not kept, so that callers cannot fill the memory.
LONGEST_KEPT = 1_000
_LATE_METHODS = {"regex", "containsAny", "containsAll"}


class ReadingRoutes:
    """
    The routes of one family.
    """

    def __init__(self, family: Family) -> None:
        self._family = family

    def routes(self, path: str) -> Sequence[Route]:
        """
        Return those at *path*, where the documents of a collection are.
        """
        read = self._family.document_scopes("read")
        return (
            Route(method="GET", path=path, handler=self._list, scopes=read, project_only=True),
            Route(method="GET", path=f"{path}/{{document}}", handler=self._get, scopes=read, project_only=True),
        )

    def _list(self, call: Call) -> Answer:
        texts, ttl_seconds = _sent_queries(call), _sent_ttl(call)
        counts, transaction_id = call.flag("total", default=True), transaction_id_of(call)
        stored = find_collection(call, self._family)
        queries = _read_queries(call, texts)
        collection = seen(call, stored, transaction_id)
        if not ttl_seconds or transaction_id or not any(each.method == "select" for each in queries):
            return Answer(body=self._page(call, collection, queries, counts=counts))
        place = (self._family.root, collection.database_id, collection.id, tuple(collection.serving))
        key = (*place, call.caller.is_key, call.caller.roles, counts, tuple(texts))
        kept = call.world.kept_lists.find(key, ttl_seconds=ttl_seconds)
        if kept is not None:
            return Answer(body=kept, headers={"X-Appwrite-Cache": "hit"})
        body = self._page(call, collection, queries, counts=counts)
        shown = body[self._family.documents]
        if isinstance(shown, list) and len(shown) <= LONGEST_KEPT:
            call.world.kept_lists.keep(key, body)
        return Answer(body=body, headers={"X-Appwrite-Cache": "miss"})

    def _page(self, call: Call, collection: Collection, queries: Sequence[Query], *, counts: bool) -> dict[str, object]:
        cursor = self._cursor(collection, queries)
        checked = askable(collection, now=call.world.clock.now()).check(queries)
        readable, shape = reading(call.caller, collection), shape_of(checked)
        for order in shape.orders:
            if cursor is not None and value_of(cursor, order.attribute) is None:
                raise self._order_null(order.attribute)
        items = collection.documents.values()
        page = cut(Listing(items=items, value_of=value_of, readable=readable, cursor=cursor), shape)
        sheet, wanted = Sheet(call=call, family=self._family, collection=collection), selected(checked)
        shown = [sheet.show(each, wanted) for each in page.records]
        return sheet.listed(shown, total=page.total if counts else 0)

    def _cursor(self, collection: Collection, queries: Sequence[Query]) -> Document | None:
        query = next((each for each in queries if each.method in CURSORS), None)
        if query is None:
            return None
        id_ = str(query.values[0]) if query.values else ""
        if id_ not in collection.documents:
            raise cursor_not_found(id_, noun=self._family.document)
        return collection.documents[id_]

    def _order_null(self, attribute: str) -> AppwriteError:
        documents, noun = self._family.documents, self._family.attribute
        message = (
            f"The order {noun} '{attribute}' had a null value."
            f" Cursor pagination requires all {documents} order {noun} values are non-null."
        )
        return AppwriteError(400, "database_query_order_null", message)

    def _get(self, call: Call) -> Answer:
        texts, document_id = _sent_queries(call), document_id_of(call, self._family)
        transaction_id = transaction_id_of(call)
        stored = find_collection(call, self._family)
        queries = _read_queries(call, texts)
        for each in queries:
            if each.method != "select":
                raise malformed(f"Invalid query method: {each.method}")
        collection = seen(call, stored, transaction_id)
        checked = askable(collection, now=call.world.clock.now()).check(queries)
        document = collection.documents.get(document_id)
        if document is None or not may(call.caller, "read", collection, document):
            raise not_found(self._family.document, document_id)
        sheet = Sheet(call=call, family=self._family, collection=collection)
        return Answer(body=sheet.show(document, selected(checked)), headers=ONE_OPERATION)


def _sent_queries(call: Call) -> list[str]:
    texts = call.texts("queries")
    require_few(texts)
    return texts


def _sent_ttl(call: Call) -> int:
    given = call.fields.get("ttl", "0")
    seconds = int(given) if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 10 else -1
    if not 0 <= seconds <= _MAX_TTL_SECONDS:
        raise argument_invalid("ttl", f"Value must be a valid range between 0 and {_MAX_TTL_SECONDS:,}")
    return seconds


def _read_queries(call: Call, texts: Sequence[str]) -> list[Query]:
    queries = [read_query(each) for each in texts]
    for each in queries:
        if each.method in _LATE_METHODS and not call.world.profile.late_queries:
            raise malformed(f"Invalid query method: {each.method}")
    return queries
