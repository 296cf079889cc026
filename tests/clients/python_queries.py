"""
Every query that the official SDK can write and a plain collection can answer, against seven known documents.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from appwrite.client import Client
from appwrite.query import Query
from appwrite.services.databases import Databases

from tests.clients.steps import Tour, plain, until

_PLACE = ("tour", "fruits")
_FRUITS: Mapping[str, Mapping[str, object]] = {
    "d1": {"name": "apple", "size": 1, "tags": ["red", "sweet"]},
    "d2": {"name": "banana", "size": 2, "tags": ["yellow"]},
    "d3": {"name": "cherry", "size": 3, "tags": ["red"]},
    "d4": {"name": "date", "size": 4, "tags": []},
    "d5": {"name": "elder berry", "size": 5, "tags": ["black", "sour"]},
    "d6": {"name": "fig", "size": None, "tags": None},
    "d7": {"name": "black grape", "size": 7, "tags": ["black"]},
}
_ASCENDING = Query.order_asc("$sequence")
_QUERIES: Mapping[str, tuple[Sequence[str], str]] = {
    "equal": ([Query.equal("name", "apple")], "1"),
    "equal, several": ([Query.equal("name", ["apple", "fig"])], "16"),
    "not_equal": ([Query.not_equal("name", "apple")], "234567"),
    "less_than": ([Query.less_than("size", 3)], "12"),
    "less_than_equal": ([Query.less_than_equal("size", 3)], "123"),
    "greater_than": ([Query.greater_than("size", 4)], "57"),
    "greater_than_equal": ([Query.greater_than_equal("size", 4)], "457"),
    "between": ([Query.between("size", 2, 4)], "234"),
    "not_between": ([Query.not_between("size", 2, 4)], "157"),
    "is_null": ([Query.is_null("size")], "6"),
    "is_not_null": ([Query.is_not_null("size")], "123457"),
    "starts_with": ([Query.starts_with("name", "b")], "27"),
    "not_starts_with": ([Query.not_starts_with("name", "b")], "13456"),
    "ends_with": ([Query.ends_with("name", "e")], "147"),
    "not_ends_with": ([Query.not_ends_with("name", "e")], "2356"),
    "contains in text": ([Query.contains("name", "an")], "2"),
    "contains in a list": ([Query.contains("tags", "red")], "13"),
    "contains_any": ([Query.contains_any("tags", ["red", "black"])], "1357"),
    "contains_all": ([Query.contains_all("tags", ["red", "sweet"])], "1"),
    "search": ([Query.search("name", "grape")], "7"),
    "not_search": ([Query.not_search("name", "grape")], "123456"),
    "and_queries": ([Query.and_queries([Query.greater_than("size", 1), Query.less_than("size", 4)])], "23"),
    "or_queries": ([Query.or_queries([Query.equal("name", "fig"), Query.equal("size", [4])])], "46"),
    "order_desc": ([Query.order_desc("size"), Query.limit(2)], "75"),
    "order_asc": ([Query.order_asc("name"), Query.limit(3)], "127"),
    "limit and offset": ([_ASCENDING, Query.limit(2), Query.offset(3)], "45"),
    "cursor_after": ([_ASCENDING, Query.cursor_after("d5")], "67"),
    "cursor_before": ([_ASCENDING, Query.cursor_before("d3")], "12"),
    "created_after": ([Query.created_after("2020-01-01T00:00:00.000+00:00")], "1234567"),
    "created_before": ([Query.created_before("2020-01-01T00:00:00.000+00:00")], ""),
    "updated_after": ([Query.updated_after("2020-01-01T00:00:00.000+00:00")], "1234567"),
    "regex": ([Query.regex("name", "^[a-c]")], "1237"),
}


def visit_queries(tour: Tour, server: Client) -> None:
    """
    Ask each of them.
    """
    api = Databases(server)
    _prepare(api)
    for step, (queries, expected) in _QUERIES.items():
        wanted = [f"d{number}" for number in expected]
        tour.expect(f"query {step}", partial(_ids, api, queries), wanted)
    tour.expect("query select", lambda: _selected(api), ["name"])
    tour.expect("query total", lambda: plain(api.list_documents(*_PLACE, [Query.limit(1)]))["total"], 7)
    tour.refused(
        "query unknown attribute",
        lambda: api.list_documents(*_PLACE, [Query.equal("nothing", 1)]),
        400,
        "general_query_invalid",
    )
    tour.refused("query no JSON", lambda: api.list_documents(*_PLACE, ["oops"]), 400, "general_query_invalid")
    tour.refused(
        "query missing cursor",
        lambda: api.list_documents(*_PLACE, [Query.cursor_after("d9")]),
        400,
        "general_cursor_not_found",
    )


def _prepare(api: Databases) -> None:
    api.create_collection(*_PLACE, "Fruits")
    api.create_string_attribute(*_PLACE, "name", 50, True)
    api.create_integer_attribute(*_PLACE, "size", False)
    api.create_string_attribute(*_PLACE, "tags", 20, False, None, True)
    assert until(lambda: _all_available(plain(api.list_attributes(*_PLACE))["attributes"]))
    api.create_index(*_PLACE, "by_name", "fulltext", ["name"])
    api.create_index(*_PLACE, "by_size", "key", ["size"])
    assert until(lambda: _all_available(plain(api.list_indexes(*_PLACE))["indexes"]))
    for id_, data in _FRUITS.items():
        api.create_document(*_PLACE, id_, dict(data))


def _all_available(shown: Sequence[Mapping[str, object]]) -> bool:
    return all(each["status"] == "available" for each in shown)


def _ids(api: Databases, queries: Sequence[str]) -> list[str]:
    return [each["$id"] for each in plain(api.list_documents(*_PLACE, list(queries)))["documents"]]


def _selected(api: Databases) -> list[str]:
    (shown,) = plain(api.list_documents(*_PLACE, [Query.select(["name"]), Query.limit(1)]))["documents"]
    return sorted(key for key in shown.get("data", shown) if not key.startswith("$"))
