"""
Writes of every form: upsert, counters, many at once, the twin of the collections under ``tablesdb``, transactions.
"""

from typing import Any

from appwrite.client import Client
from appwrite.query import Query
from appwrite.services.databases import Databases
from appwrite.services.tables_db import TablesDB

from tests.clients.steps import Tour, data_of, plain, until

_PLACE = ("tour", "counters")
_ROWS = ("tour_rows", "counters")


def visit_writes(tour: Tour, server: Client) -> None:
    """
    Write documents one by one and many at once.
    """
    api = Databases(server)
    api.create_collection(*_PLACE, "Counters")
    api.create_integer_attribute(*_PLACE, "n", False)
    assert until(lambda: plain(api.get_attribute(*_PLACE, "n"))["status"] == "available")

    def total(*queries: str) -> object:
        return plain(api.list_documents(*_PLACE, list(queries)))["total"]

    tour.expect("upsert makes", lambda: data_of(api.upsert_document(*_PLACE, "u", {"n": 1}))["n"], 1)
    tour.expect("upsert changes", lambda: data_of(api.upsert_document(*_PLACE, "u", {"n": 2}))["n"], 2)
    tour.expect("increment", lambda: data_of(api.increment_document_attribute(*_PLACE, "u", "n", 5))["n"], 7)
    tour.expect("decrement", lambda: data_of(api.decrement_document_attribute(*_PLACE, "u", "n", 3))["n"], 4)
    tour.refused(
        "increment beyond the limit",
        lambda: api.increment_document_attribute(*_PLACE, "u", "n", 5, 8),
        400,
        "attribute_limit_exceeded",
    )
    many = [{"$id": f"m{number}", "n": number} for number in range(3)]
    tour.expect("create_documents", lambda: plain(api.create_documents(*_PLACE, many))["total"], 3)
    tour.refused("create_documents again", lambda: api.create_documents(*_PLACE, many), 409, "document_already_exists")
    changed = [Query.starts_with("$id", "m")]
    tour.expect("update_documents", lambda: plain(api.update_documents(*_PLACE, {"n": 9}, changed))["total"], 3)
    tour.expect("they are changed", lambda: total(Query.equal("n", 9)), 3)
    upserted = [{"$id": "m0", "n": 0}, {"$id": "m9", "n": 0}]
    tour.expect("upsert_documents", lambda: plain(api.upsert_documents(*_PLACE, upserted))["total"], 2)
    tour.expect("delete_documents", lambda: plain(api.delete_documents(*_PLACE, changed))["total"], 4)
    tour.expect("they are gone", total, 1)


def visit_rows(tour: Tour, server: Client) -> None:
    """
    The same under the newer names.
    """
    api = TablesDB(server)
    tour.expect("tablesdb.create", lambda: plain(api.create(_ROWS[0], "Rows"))["$id"], _ROWS[0])
    tour.expect("create_table", lambda: plain(api.create_table(*_ROWS, "Counters"))["rowSecurity"], False)
    tour.expect(
        "create_integer_column", lambda: plain(api.create_integer_column(*_ROWS, "n", False))["status"], "processing"
    )
    tour.expect(
        "the column becomes available",
        lambda: until(lambda: plain(api.get_column(*_ROWS, "n"))["status"] == "available"),
        True,
    )
    tour.expect("create_row", lambda: data_of(api.create_row(*_ROWS, "r", {"n": 1}))["n"], 1)
    tour.expect("get_row", lambda: plain(api.get_row(*_ROWS, "r"))["$tableId"], "counters")
    tour.expect("update_row", lambda: data_of(api.update_row(*_ROWS, "r", {"n": 2}))["n"], 2)
    tour.expect("upsert_row", lambda: data_of(api.upsert_row(*_ROWS, "r", {"n": 3}))["n"], 3)
    tour.expect("increment_row_column", lambda: data_of(api.increment_row_column(*_ROWS, "r", "n", 1))["n"], 4)
    tour.expect("create_rows", lambda: plain(api.create_rows(*_ROWS, [{"$id": "a"}, {"$id": "b"}]))["total"], 2)
    tour.expect("list_rows", lambda: plain(api.list_rows(*_ROWS, [Query.is_null("n")]))["total"], 2)
    tour.expect("delete_row", lambda: api.delete_row(*_ROWS, "r"), b"")
    tour.refused("get_row gone", lambda: api.get_row(*_ROWS, "r"), 404, "row_not_found")
    tour.refused("get_table missing", lambda: api.get_table(_ROWS[0], "no"), 404, "table_not_found")


def visit_transactions(tour: Tour, server: Client) -> None:
    """
    What is written in a transaction is there once it is committed, and never when it is rolled back.
    """
    api = TablesDB(server)

    def begin(row_id: str) -> str:
        id_ = str(plain(api.create_transaction())["$id"])
        api.create_operations(id_, [_creation(row_id)])
        return id_

    kept = tour.expect("transaction begins", lambda: len(begin("kept")) > 0, True)
    if kept is not True:
        return
    tour.refused("not there before", lambda: api.get_row(*_ROWS, "kept"), 404, "row_not_found")
    tour.expect("commit", lambda: plain(api.update_transaction(begin("sure"), commit=True))["status"], "committed")
    tour.expect("there afterwards", lambda: data_of(api.get_row(*_ROWS, "sure"))["n"], 1)
    tour.expect("rollback", lambda: plain(api.update_transaction(begin("never"), rollback=True))["status"], "failed")
    tour.refused("never there", lambda: api.get_row(*_ROWS, "never"), 404, "row_not_found")


def _creation(row_id: str) -> dict[str, Any]:
    return {"databaseId": _ROWS[0], "tableId": _ROWS[1], "action": "create", "rowId": row_id, "data": {"n": 1}}
