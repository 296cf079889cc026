"""
Listing documents: what a query finds, and which queries are refused.
"""

import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from monitor.sandbox.profile import V1_8
from monitor.sandbox.routes import reading
from monitor.sandbox.state import page
from monitor.sandbox.state.schema import Index
from tests.sandbox.client import Client
from tests.sandbox.states import EVERYTHING, STATE, add_collection, add_document, documents_path

pytestmark = pytest.mark.asyncio

LARGEST = "9,223,372,036,854,775,807"


def listing(root: str, *queries: object) -> str:
    texts = [each if isinstance(each, str) else json.dumps(each) for each in queries]
    return f"{root}?{'&'.join(f'queries[{number}]={quote(text)}' for number, text in enumerate(texts))}"


def ask(method: str, attribute: str = "", *values: object) -> dict[str, object]:
    return {"method": method} | ({"attribute": attribute} if attribute else {}) | {"values": list(values)}


@pytest.fixture
def root(client: Client) -> str:
    """
    Three documents: *a* and *b* have texts, *c* has neither text nor date; each has its number and a list.
    """
    collection = add_collection(client.sandbox.world, client.sandbox.database, permissions=EVERYTHING)
    now = client.sandbox.world.now()
    collection.attributes["tags"] = replace(collection.attributes["title"], key="tags", array=True, required=False)
    collection.attributes["secret"] = replace(collection.attributes["title"], key="secret", encrypt=True)
    collection.indexes["words"] = Index(id="1", key="words", type="fulltext", created_at=now, attributes=("title",))
    titles = {"a": "Ámbar Street 12", "b": "blue  river", "c": None}
    for number, (id_, title) in enumerate(titles.items(), start=1):
        at = f"2026-01-0{number}T10:00:00.000+00:00" if title else None
        tags = ["x", id_] if title else []
        add_document(collection, id_).data.update(count=number, title=title, at=at, tags=tags, active=number == 1)
    return documents_path(client.sandbox.database)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param(ask("equal", "count", 2), "b", id="equal"),
        pytest.param(ask("equal", "count", 1, 2), "ab", id="equal-either"),
        pytest.param(ask("equal", "title", "ambar street 12  "), "a", id="equal-whatever-case-accent-and-end"),
        pytest.param(ask("equal", "active", True), "a", id="equal-boolean"),
        pytest.param(ask("equal", "at", "2026-01-02T11:00:00+01:00"), "b", id="equal-moment"),
        pytest.param(ask("notEqual", "count", 2), "ac", id="not-equal"),
        pytest.param(ask("notEqual", "title", "x"), "ab", id="not-equal-leaves-null-out"),
        pytest.param(ask("lessThan", "count", 2), "a", id="less"),
        pytest.param(ask("lessThanEqual", "count", 2), "ab", id="less-equal"),
        pytest.param(ask("greaterThan", "count", 2), "c", id="greater"),
        pytest.param(ask("greaterThanEqual", "count", 2), "bc", id="greater-equal"),
        pytest.param(ask("greaterThan", "title", "AMBAR"), "ab", id="greater-text"),
        pytest.param(ask("between", "count", 2, 3), "bc", id="between"),
        pytest.param(ask("notBetween", "count", 2, 3), "a", id="not-between"),
        pytest.param(ask("between", "at", "2026-01-02", "2026-01-03"), "b", id="between-moments"),
        pytest.param(ask("isNull", "at"), "c", id="null"),
        pytest.param(ask("isNotNull", "at"), "ab", id="not-null"),
        pytest.param(ask("contains", "title", "STREET", "none"), "a", id="contains"),
        pytest.param(ask("containsAny", "title", "river", "12"), "ab", id="contains-any"),
        pytest.param(ask("containsAll", "title", "b", "12"), "a", id="contains-all"),
        pytest.param(ask("notContains", "title", "river"), "a", id="not-contains"),
        pytest.param(ask("contains", "tags", "a", "b"), "ab", id="list-contains"),
        pytest.param(ask("containsAll", "tags", "x", "b"), "b", id="list-contains-all"),
        pytest.param(ask("notContains", "tags", "a"), "bc", id="list-not-contains"),
        pytest.param(ask("contains", "tags", "X"), "", id="list-letter-by-letter"),
        pytest.param(ask("startsWith", "title", "ambar"), "a", id="starts"),
        pytest.param(ask("notStartsWith", "title", "ambar"), "b", id="not-starts"),
        pytest.param(ask("endsWith", "title", "RIVER"), "b", id="ends"),
        pytest.param(ask("notEndsWith", "title", "RIVER"), "a", id="not-ends"),
        pytest.param(ask("regex", "title", "^b.+ r[a-z]{4}$"), "b", id="regex"),
        pytest.param(ask("search", "title", "river street"), "ab", id="search-any-word"),
        pytest.param(ask("search", "title", "riv"), "b", id="search-beginning"),
        pytest.param(ask("search", "title", '"street 12"'), "a", id="search-phrase"),
        pytest.param(ask("search", "title", '"12 street"'), "", id="search-other-phrase"),
        pytest.param(ask("search", "title", "+-*"), "", id="search-nothing"),
        pytest.param(ask("search", "title", "12"), "", id="search-too-short-a-word"),
        pytest.param(ask("notSearch", "title", "river"), "ac", id="not-search"),
        pytest.param(ask("equal", "$id", "c"), "c", id="by-id"),
        pytest.param(ask("equal", "$sequence", "2"), "b", id="by-sequence"),
        pytest.param(ask("greaterThan", "$createdAt", "yesterday"), "abc", id="created-after"),
        pytest.param(ask("lessThan", "$createdAt", "2000-01-01"), "", id="created-before"),
        pytest.param(
            ask("or", "", ask("equal", "count", 1), ask("and", "", ask("isNull", "at"), ask("equal", "count", 3))),
            "ac",
            id="or-of-and",
        ),
        pytest.param(ask("and", "", ask("equal", "count", 1), ask("equal", "count", 2)), "", id="and"),
        pytest.param(ask("limit", "", 1), "a", id="limit"),
        pytest.param(ask("offset", "", 2), "c", id="offset"),
        pytest.param(ask("cursorAfter", "", "a"), "bc", id="after"),
        pytest.param(ask("cursorBefore", "", "c"), "ab", id="before"),
        pytest.param(ask("orderDesc", "count"), "cba", id="descending"),
        pytest.param(ask("orderAsc", "at"), "cab", id="null-first"),
        pytest.param(ask("orderDesc"), "cba", id="order-of-nothing"),
    ],
)
async def test_lists_what_a_query_asks_for(client: Client, root: str, query: object, ids: str) -> None:
    reply = await client.call("GET", listing(root, query))

    assert (reply.status, [each["$id"] for each in reply.body.get("documents", [])]) == (200, list(ids))


@pytest.mark.parametrize(
    ("queries", "ids"),
    [
        pytest.param([ask("orderDesc", "count"), ask("cursorAfter", "", "b")], "a", id="after-in-an-order"),
        pytest.param([ask("orderDesc", "count"), ask("cursorBefore", "", "a")], "cb", id="before-in-an-order"),
        pytest.param([ask("cursorBefore", "", "c"), ask("limit", "", 1)], "b", id="before-counts-from-the-cursor"),
        pytest.param(
            [ask("cursorBefore", "", "c"), ask("limit", "", 1), ask("offset", "", 1)], "a", id="before-with-offset"
        ),
        pytest.param([ask("notEqual", "count", 2), ask("cursorAfter", "", "b")], "c", id="cursor-need-not-fit"),
        pytest.param([ask("limit", "", 1), ask("limit", "", 3)], "a", id="first-limit-counts"),
        pytest.param([ask("orderDesc", "active"), ask("orderDesc", "count")], "acb", id="two-orders"),
    ],
)
async def test_combines_orders_cursors_and_limits(client: Client, root: str, queries: list[object], ids: str) -> None:
    reply = await client.call("GET", listing(root, *queries))

    assert [each["$id"] for each in reply.body["documents"]] == list(ids)


async def test_shuffles_what_is_wanted_in_any_order(client: Client, root: str) -> None:
    orders = {
        "".join(each["$id"] for each in (await client.call("GET", listing(root, ask("orderRandom")))).body["documents"])
        for _ in range(60)
    }

    assert len(orders) > 1
    assert {"".join(sorted(each)) for each in orders} == {"abc"}


async def test_counts_what_fits_past_limit_offset_and_cursor(client: Client, root: str) -> None:
    shapes = ask("notEqual", "count", 2), ask("cursorAfter", "", "b"), ask("limit", "", 1), ask("offset", "", 1)

    counted = await client.call("GET", listing(root, *shapes))
    uncounted = await client.call("GET", f"{listing(root, *shapes)}&total=false")
    skipped = await client.call("GET", listing(root, ask("offset", "", 2)))

    assert [each.body["total"] for each in (counted, uncounted, skipped)] == [2, 0, 3]


async def test_counts_no_further_than_5000(client: Client, root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MAX_TOTAL", 2)

    replies = [await client.call("GET", listing(root, *each)) for each in ([], [ask("orderDesc", "count")])]

    assert [(each.body["total"], len(each.body["documents"])) for each in replies] == [(2, 3), (2, 3)]


@pytest.mark.parametrize(
    "order", [pytest.param([], id="unordered"), pytest.param([ask("orderDesc", "count")], id="ordered")]
)
async def test_shows_25_unless_a_limit_says_otherwise(client: Client, root: str, order: list[object]) -> None:
    for number in range(40):
        add_document(client.sandbox.world.collections[STATE], f"d{number}")

    replies = [await client.call("GET", listing(root, *order, *limit)) for limit in ([], [ask("limit", "", 30)])]

    assert [(len(each.body["documents"]), each.body["total"]) for each in replies] == [(25, 43), (30, 43)]


async def test_shows_selected_attributes_and_always_appwrites_own(client: Client, root: str) -> None:
    selection = ask("select", "", "title", "$id")

    listed = (await client.call("GET", listing(root, selection))).body["documents"][0]
    got = (await client.call("GET", listing(f"{root}/a", selection))).body

    assert listed == got
    assert [key for key in got if not key.startswith("$")] == ["title"]
    assert got.keys() >= {"$sequence", "$createdAt", "$permissions", "$databaseId", "$collectionId"}


async def test_answers_a_selection_from_the_cache_as_long_as_ttl_allows(client: Client, root: str) -> None:
    path = f"{listing(root, ask('select', '', 'title'))}&ttl=60"

    first = await client.call("GET", path)
    await client.call("DELETE", f"{root}/a")
    again = await client.call("GET", path)
    other = await client.call("GET", path, by="key")

    cached = [each.headers["X-Appwrite-Cache"] for each in (first, again, other)]
    assert cached == ["miss", "hit", "miss"]
    assert [each.body["total"] for each in (first, again, other)] == [3, 3, 2]


async def test_keeps_no_list_that_is_too_long(client: Client, root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_KEPT", 2)
    path = f"{listing(root, ask('select', '', 'title'))}&ttl=60"

    replies = [await client.call("GET", path) for _ in range(2)]

    assert [each.headers["X-Appwrite-Cache"] for each in replies] == ["miss", "miss"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        pytest.param('equal("x")', "Invalid query: Syntax error", id="old-form"),
        pytest.param("[" * 4000, "Invalid query: Syntax error", id="deep"),
        pytest.param(
            '{"method":"equal","attribute":"title","values":["\\ud83d"]}',
            "Invalid query: Syntax error",
            id="half-a-pair",
        ),
        pytest.param(
            '{"method":"and","values":[' * 30 + "]}" * 30,
            "Invalid query: Queries can be nested 24 levels deep",
            id="nested-too-deep",
        ),
        pytest.param("5", "Invalid query. Must be an array, got integer", id="no-object"),
        pytest.param({"method": "foo"}, "Invalid query method: foo", id="method"),
        pytest.param({"method": 5}, "Invalid query method. Must be a string, got integer", id="method-type"),
        pytest.param(
            {"method": "equal", "attribute": []},
            "Invalid query attribute. Must be a string, got array",
            id="attribute-type",
        ),
        pytest.param(
            {"method": "equal", "values": "x"}, "Invalid query values. Must be an array, got string", id="values-type"
        ),
        pytest.param(
            ask("equal", "nope", "x"), "Invalid query: Attribute not found in schema: nope", id="unknown-attribute"
        ),
        pytest.param(ask("orderAsc", "nope"), "Invalid query: Attribute not found in schema: nope", id="unknown-order"),
        pytest.param(ask("select", "", "no.pe"), "Invalid query: Attribute not found in schema: no", id="unknown-part"),
        pytest.param(ask("select", "", "title", "title"), "Invalid query: Duplicate attributes selected", id="twice"),
        pytest.param(ask("select"), "Invalid query: No attributes selected", id="nothing-selected"),
        pytest.param(ask("equal", "count"), "Invalid query: Equal queries require at least one value.", id="no-value"),
        pytest.param(
            ask("lessThan", "count", 1, 2), "Invalid query: LessThan queries require exactly one value.", id="two"
        ),
        pytest.param(
            ask("between", "count", 1), "Invalid query: Between queries require exactly two values.", id="one"
        ),
        pytest.param(
            ask("equal", "count", "1"), 'Invalid query: Query value is invalid for attribute "count"', id="wrong-type"
        ),
        pytest.param(
            ask("equal", "$sequence", "0"),
            'Invalid query: Query value is invalid for attribute "$sequence"',
            id="no-sequence",
        ),
        pytest.param(
            ask("equal", "at", "soon"), 'Invalid query: Query value is invalid for attribute "at"', id="no-moment"
        ),
        pytest.param(
            ask("regex", "title", "(a"), 'Invalid query: Query value is invalid for attribute "title"', id="no-pattern"
        ),
        pytest.param(
            ask("equal", "count", *range(501)),
            "Invalid query: Query on attribute has greater than 500 values: count",
            id="too-many-values",
        ),
        pytest.param(
            ask("contains", "count", 1),
            'Invalid query: Cannot query contains on attribute "count" because it is not an array, string, or object.',
            id="contains-number",
        ),
        pytest.param(
            ask("equal", "tags", "x"),
            'Invalid query: Cannot query equal on attribute "tags" because it is an array.',
            id="equal-list",
        ),
        pytest.param(
            ask("equal", "secret", "x"), "Invalid query: Cannot query encrypted attribute: secret", id="secret"
        ),
        pytest.param(
            ask("search", "$id", "x"),
            'Invalid query: Searching by attribute "$id" requires a fulltext index.',
            id="search",
        ),
        pytest.param(
            ask("or", "", ask("search", "$id", "x"), ask("isNull", "at")),
            'Invalid query: Searching by attribute "$id" requires a fulltext index.',
            id="nested-search",
        ),
        pytest.param(
            ask("crosses", "title", [1, 2]),
            'Invalid query: Spatial query "crosses" cannot be applied on non-spatial attribute: title',
            id="spatial",
        ),
        pytest.param(
            ask("distanceLessThan", "title", [1, 2]),
            "Invalid query: Distance query requires [[geometry, distance]] parameters",
            id="distance",
        ),
        pytest.param(
            ask("elemMatch", "tags", ask("equal", "count", 1)),
            "Invalid query: elemMatch is not supported by the database",
            id="elem-match",
        ),
        pytest.param(
            ask("or", "", ask("equal", "count", 1)), "Invalid query: Or queries require at least two queries", id="or"
        ),
        pytest.param(
            ask("and", "", ask("limit", "", 1), ask("equal", "count", 1)),
            "Invalid query: And queries can only contain filter queries",
            id="and-limit",
        ),
        pytest.param(
            ask("limit", "", 0),
            f"Invalid query: Invalid limit: Value must be a valid range between 1 and {LARGEST}",
            id="limit",
        ),
        pytest.param(
            ask("offset", "", -1),
            f"Invalid query: Invalid offset: Value must be a valid range between 0 and {LARGEST}",
            id="offset",
        ),
    ],
)
async def test_refuses_a_query_even_to_one_who_may_not_list(
    client: Client, root: str, query: object, message: str
) -> None:
    client.sandbox.world.collections[STATE].permissions = ()

    reply = await client.call("GET", listing(root, query))

    assert (reply.body["type"], reply.body["message"]) == ("general_query_invalid", message)


async def test_refuses_a_cursor_that_names_nothing(client: Client, root: str) -> None:
    reply = await client.call("GET", listing(root, ask("cursorBefore", "", "nope")))

    assert reply.verdict == "400 general_cursor_not_found"
    assert reply.body["message"] == "Document 'nope' for the 'cursor' value not found."


async def test_refuses_a_cursor_whose_order_is_null(client: Client, root: str) -> None:
    reply = await client.call("GET", listing(root, ask("orderAsc", "at"), ask("cursorAfter", "", "c")))

    assert reply.verdict == "400 database_query_order_null"


@pytest.mark.parametrize(
    "queries",
    [
        pytest.param([ask("limit", "", 1)] * 101, id="too-many"),
        pytest.param([ask("equal", "title", "x" * 4096)], id="too-long"),
        pytest.param([""], id="empty"),
    ],
)
async def test_refuses_more_queries_than_a_call_can_have(client: Client, root: str, queries: list[object]) -> None:
    missing = root.replace(STATE, "missing")

    reply = await client.call("GET", listing(missing, *queries))

    assert reply.verdict == "400 general_argument_invalid"


@pytest.mark.parametrize("ttl", ["86401", "-1", "soon"])
async def test_refuses_a_ttl_out_of_range(client: Client, root: str, ttl: str) -> None:
    reply = await client.call("GET", f"{root}?ttl={ttl}")

    assert reply.verdict == "400 general_argument_invalid"


async def test_refuses_anything_but_a_selection_for_one_document(client: Client, root: str) -> None:
    reply = await client.call("GET", listing(f"{root}/a", ask("limit", "", 1)))

    assert reply.body["message"] == "Invalid query method: limit"


async def test_does_not_know_the_newest_queries_in_the_older_version(client: Client, root: str) -> None:
    client.sandbox.world.profile = V1_8

    reply = await client.call("GET", listing(root, ask("regex", "title", "x")))

    assert reply.body["message"] == "Invalid query method: regex"


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(ask("regex", "title", "x"), id="alone"),
        pytest.param(ask("or", "", ask("regex", "title", "x"), ask("isNull", "at")), id="nested"),
    ],
)
async def test_gives_up_on_a_pattern_that_takes_too_long(
    client: Client, root: str, monkeypatch: pytest.MonkeyPatch, query: object
) -> None:
    monkeypatch.setattr(page, "PATTERN_SECONDS", -1.0)

    reply = await client.call("GET", listing(root, query))

    assert reply.verdict == "408 database_timeout"


async def test_pages_through_thousands_without_showing_them_all(client: Client, root: str) -> None:
    collection = client.sandbox.world.collections[STATE]
    for number in range(1200):
        add_document(collection, f"d{number}").data["count"] = number
    found = []

    page_of = listing(root, ask("orderAsc", "count"), ask("greaterThan", "count", 3), ask("limit", "", 500))
    while ids := [each["$id"] for each in (await client.call("GET", page_of)).body["documents"]]:
        found += ids
        cursor = ask("cursorAfter", "", ids[-1])
        page_of = listing(root, ask("orderAsc", "count"), ask("greaterThan", "count", 3), ask("limit", "", 500), cursor)

    assert found == [f"d{number}" for number in range(4, 1200)]
