"""
Listing documents: what a query finds, and which queries are refused.
"""

import json
from urllib.parse import quote

import pytest

from tests.sandbox.client import Client
from tests.sandbox.states import EVERYTHING, add_collection, add_document, documents_path

pytestmark = pytest.mark.asyncio


def listing(root: str, *queries: object) -> str:
    texts = [each if isinstance(each, str) else json.dumps(each) for each in queries]
    return f"{root}?{'&'.join(f'queries[{number}]={quote(text)}' for number, text in enumerate(texts))}"


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param({"method": "equal", "attribute": "count", "values": [2]}, ["b"], id="equal"),
        pytest.param({"method": "equal", "attribute": "count", "values": [1, 2]}, ["a", "b"], id="equal-either"),
        pytest.param({"method": "notEqual", "attribute": "count", "values": [2]}, ["a", "c"], id="not-equal"),
        pytest.param({"method": "lessThan", "attribute": "count", "values": [2]}, ["a"], id="less"),
        pytest.param({"method": "lessThanEqual", "attribute": "count", "values": [2]}, ["a", "b"], id="less-equal"),
        pytest.param({"method": "greaterThan", "attribute": "count", "values": [2]}, ["c"], id="greater"),
        pytest.param(
            {"method": "greaterThanEqual", "attribute": "count", "values": [2]}, ["b", "c"], id="greater-equal"
        ),
        pytest.param({"method": "isNull", "attribute": "at"}, ["c"], id="null"),
        pytest.param({"method": "isNotNull", "attribute": "at"}, ["a", "b"], id="not-null"),
        pytest.param({"method": "contains", "attribute": "title", "values": ["itl"]}, ["a", "b", "c"], id="contains"),
        pytest.param({"method": "startsWith", "attribute": "title", "values": ["title b"]}, ["b"], id="starts"),
        pytest.param({"method": "equal", "attribute": "$id", "values": ["c"]}, ["c"], id="by-id"),
        pytest.param({"method": "limit", "values": [1]}, ["a"], id="limit"),
        pytest.param({"method": "offset", "values": [2]}, ["c"], id="offset"),
        pytest.param({"method": "cursorAfter", "values": ["a"]}, ["b", "c"], id="cursor"),
        pytest.param({"method": "orderDesc", "attribute": "count"}, ["c", "b", "a"], id="descending"),
        pytest.param({"method": "orderAsc", "attribute": "at"}, ["c", "a", "b"], id="null-first"),
    ],
)
async def test_lists_what_a_query_asks_for(client: Client, query: object, ids: list[str]) -> None:
    collection = add_collection(client.sandbox.world, client.sandbox.database, permissions=EVERYTHING)
    for number, id_ in enumerate("abc", start=1):
        at = None if id_ == "c" else f"2026-01-0{number}T10:00:00.000+00:00"
        add_document(collection, id_).data.update(count=number, title=f"title {id_}", at=at)

    reply = await client.call("GET", listing(documents_path(client.sandbox.database), query))

    assert [each["$id"] for each in reply.body["documents"]] == ids


async def test_counts_past_the_limit_and_selects_attributes(client: Client) -> None:
    collection = add_collection(client.sandbox.world, client.sandbox.database, permissions=EVERYTHING)
    for id_ in ("first", "second"):
        add_document(collection, id_)

    shape = {"method": "select", "values": ["title"]}, {"method": "limit", "values": [1]}
    reply = await client.call("GET", listing(documents_path(client.sandbox.database), *shape))

    assert reply.body["total"] == 2
    assert [key for key in reply.body["documents"][0] if not key.startswith("$")] == ["title"]


@pytest.mark.parametrize(
    ("query", "kind", "message"),
    [
        pytest.param('equal("x")', "general_query_invalid", "Invalid query: Syntax error", id="old-form"),
        pytest.param(
            {"method": "equal", "attribute": "nope", "values": ["x"]},
            "general_query_invalid",
            "Invalid query: Attribute not found in schema: nope",
            id="unknown-attribute",
        ),
        pytest.param(
            {"method": "foo"}, "general_query_invalid", "Invalid query: Invalid query method: foo", id="method"
        ),
        pytest.param(
            {"method": "search", "attribute": "title", "values": ["x"]},
            "general_query_invalid",
            "Invalid query: Query method 'search' is not served by this sandbox",
            id="known-but-not-served",
        ),
        pytest.param(
            {"method": "cursorAfter", "values": ["nope"]},
            "general_cursor_not_found",
            "Document 'nope' for the 'cursor' value not found.",
            id="cursor",
        ),
    ],
)
async def test_refuses_a_query_even_to_one_who_may_not_list(
    client: Client, query: object, kind: str, message: str
) -> None:
    add_collection(client.sandbox.world, client.sandbox.database, permissions=[])

    reply = await client.call("GET", listing(documents_path(client.sandbox.database), query))

    assert (reply.body["type"], reply.body["message"]) == (kind, message)
