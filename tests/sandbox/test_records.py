"""
Queries on flat records, of whose attributes no type is known.
"""

import pytest

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.state.queries import Record, cursor_of, parse, select

RECORDS: list[Record] = [
    {"$id": "a", "on": True, "name": "Ann"},
    {"$id": "b", "on": 1, "name": None},
    {"$id": "c", "on": "1", "name": "Bob"},
]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param('{"method":"equal","attribute":"on","values":[true]}', "a", id="true-is-not-1"),
        pytest.param('{"method":"equal","attribute":"on","values":[1]}', "b", id="1-is-not-true"),
        pytest.param('{"method":"lessThan","attribute":"on","values":["2"]}', "c", id="texts-with-texts"),
        pytest.param('{"method":"orderDesc","attribute":"name"}', "cab", id="null-last"),
        pytest.param('{"method":"cursorAfter","values":["a"]}', "bc", id="cursor"),
    ],
)
def test_finds_records(query: str, ids: str) -> None:
    page = select(parse([query], attributes=["on", "name"]), RECORDS)

    assert [each["$id"] for each in page.records] == list(ids)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param('{"method":"crosses","attribute":"name","values":[[1]]}', id="spatial"),
        pytest.param('{"method":"regex","attribute":"name","values":["("]}', id="pattern"),
        pytest.param('{"method":"exists","attribute":"name","values":["name"]}', id="exists"),
        pytest.param('{"method":"search","attribute":"name","values":["x"]}', id="search"),
        pytest.param('{"method":"equal","attribute":"other","values":[1]}', id="unknown"),
    ],
)
def test_refuses_what_cannot_be_answered(query: str) -> None:
    with pytest.raises(AppwriteError, match="Invalid query"):
        parse([query], attributes=["on", "name"])


def test_takes_any_attribute_where_nothing_need_exist() -> None:
    queries = parse(
        ['{"method":"cursorBefore","values":["x"]}', '{"method":"isNull","attribute":"z"}'], attributes=None
    )

    assert cursor_of(queries) == "x"
