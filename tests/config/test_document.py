from pathlib import Path

import pytest

from monitor.config.document import Document
from monitor.config.problem import Position, Problem
from monitor.config.route import UNUSABLE, Route
from monitor.config.yaml_file import read_document


def document(text: str, **environ: str) -> Document:
    path = Path("monitor.yaml")
    path.write_text(text, encoding="utf-8")
    return read_document(path, environ)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("12", 12, id="integer"),
        pytest.param("-1.5", -1.5, id="decimal"),
        pytest.param("true", True, id="truth"),
        pytest.param("~", None, id="null"),
        pytest.param("", None, id="nothing"),
        pytest.param("no", "no", id="norway"),
        pytest.param("0123", "0123", id="leading-zero"),
        pytest.param("1:30", "1:30", id="sexagesimal"),
        pytest.param("2026-01-01", "2026-01-01", id="date"),
        pytest.param("123456e3", "123456e3", id="id-like-a-power"),
        pytest.param(".nan", ".nan", id="nan"),
        pytest.param("9" * 5000, "9" * 5000, id="more-digits-than-python-parses"),
        pytest.param("'12'", "12", id="quoted"),
        pytest.param("[1, {b: x}]", [1, {"b": "x"}], id="nested"),
    ],
)
def test_types_plain_scalars_as_yaml_1_2_does(text: str, value: object) -> None:
    read = document(f"a: {text}")

    assert read.data == {"a": value}
    assert type(read.data["a"]) is type(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("${HOST}", "example.com", id="whole"),
        pytest.param("https://${HOST}:${PORT}/v1", "https://example.com:80/v1", id="inside-a-text"),
        pytest.param("${PORT}", "80", id="digits-stay-text"),
        pytest.param("${NONE:-a b}", "a b", id="default"),
        pytest.param("${EMPTY:-a}", "a", id="default-for-empty"),
        pytest.param("${PORT:-1}", "80", id="default-not-needed"),
        pytest.param("${NONE:-}", None, id="empty-and-plain-is-nothing"),
        pytest.param("'${NONE:-}'", "", id="empty-and-quoted-is-text"),
        pytest.param("$${HOST} $5 $HOST", "${HOST} $5 $HOST", id="escaped"),
        pytest.param('"${HOST}"', "example.com", id="quoted"),
    ],
)
def test_expands_variables_in_values(text: str, value: object) -> None:
    read = document(f"a: {text}", HOST="example.com", PORT="80", EMPTY="")

    assert (read.data, read.problems) == ({"a": value}, [])


def test_says_which_variables_were_used() -> None:
    read = document("a: ${A}\nb: ${B:-x}\n# ${C}", A="1")

    assert read.variables == {"A", "B"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "a:\n  b: x ${NONE}",
            Problem(
                route=("a", "b"),
                position=Position(line=2, column=6),
                message="environment variable NONE is not set: set it, or write ${NONE:-default}",
            ),
            id="undefined-variable",
        ),
        pytest.param(
            "a: ${A-b}",
            Problem(
                route=("a",),
                position=Position(line=1, column=4),
                message="${ must be followed by NAME} or NAME:-default}: complete it, or write $${ for the text itself",
            ),
            id="malformed-variable",
        ),
        pytest.param(
            "a: 1\nb:\n  c: 2\n  c: 3",
            Problem(
                route=("b", "c"),
                position=Position(line=4, column=3),
                message="given twice, first on line 3: remove one of them",
            ),
            id="duplicate-key",
        ),
        pytest.param(
            "a: {b: 1, 'b': 2}",
            Problem(
                route=("a", "b"),
                position=Position(line=1, column=11),
                message="given twice, first on line 1: remove one of them",
            ),
            id="duplicate-key-in-flow",
        ),
        pytest.param(
            "a:\n  5: x",
            Problem(route=("a",), position=Position(line=2, column=3), message="a key must be text: put it in quotes"),
            id="number-as-key",
        ),
        pytest.param(
            "a: 1\n? [x]\n: 2",
            Problem(route=(), position=Position(line=2, column=3), message="a key must be text: put it in quotes"),
            id="list-as-key",
        ),
        pytest.param(
            "a: !!python/object/apply:os.system [ls]",
            Problem(
                route=("a",),
                position=Position(line=1, column=4),
                message="tag !!python/object/apply:os.system is not allowed: write the plain value",
            ),
            id="python-tag",
        ),
        pytest.param(
            "a: [!!str 5]",
            Problem(
                route=("a", 0),
                position=Position(line=1, column=5),
                message="tag !!str is not allowed: write the plain value",
            ),
            id="harmless-tag",
        ),
    ],
)
def test_notes_a_problem_and_reads_on(text: str, problem: Problem) -> None:
    read = document(text)

    assert read.problems == [problem]


def test_leaves_a_mark_where_a_value_cannot_be_used() -> None:
    read = document("a: ${NONE}\nb: 1")

    assert read.data == {"a": UNUSABLE, "b": 1}


def test_expands_aliases() -> None:
    read = document("a: &x {b: 1}\nc: *x")

    assert read.data == {"a": {"b": 1}, "c": {"b": 1}}


@pytest.mark.parametrize(
    ("route", "of_key", "line", "column"),
    [
        pytest.param(("a", "b"), False, 2, 6, id="value-in-block"),
        pytest.param(("a", "b"), True, 2, 3, id="key-in-block"),
        pytest.param(("c",), False, 3, 4, id="flow-mapping"),
        pytest.param(("c", "d"), False, 3, 8, id="value-in-flow"),
        pytest.param(("c", "e"), True, 3, 11, id="key-in-flow"),
        pytest.param(("c", "e", 1), False, 3, 19, id="item-in-flow"),
        pytest.param(("f", 1, "g"), False, 6, 8, id="mapping-in-a-list"),
        pytest.param(("h", 1), False, 7, 12, id="after-wide-characters"),
        pytest.param(("a", "none"), False, 1, 1, id="missing-key-at-its-mapping"),
        pytest.param(("none",), False, 1, 1, id="missing-at-the-root"),
        pytest.param(("i", "b"), False, 2, 6, id="alias-at-what-it-stands-for"),
        pytest.param(("i",), True, 8, 1, id="key-of-an-alias"),
    ],
)
def test_knows_where_everything_stands(route: Route, of_key: bool, line: int, column: int) -> None:
    text = "a: &a\n  b: 1\nc: {d: 2, e: [33, 44]}\nf:\n  - x\n  - g: 5\nh: ['ä🦊ü', x]\ni: *a\n"

    position = document(text).position(route, of_key=of_key)

    assert position == Position(line=line, column=column)
