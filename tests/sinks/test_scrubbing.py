import json
from typing import Any

import pytest

from monitor.core.redaction import MASK, Redactor
from monitor.sinks.payload import MAX_TEXT_CHARACTERS
from monitor.sinks.scrubbing import scrubbed

SECRET = "hunter2-and-more"


class Nasty:
    """
    Cannot even be shown.
    """

    def __str__(self) -> str:
        raise RuntimeError(SECRET)


class Raising(dict[str, object]):
    """
    Has something in it that cannot be read.
    """

    def items(self) -> Any:
        yield "first", 1
        raise OSError(SECRET)


def scrub(value: object) -> Any:
    """
    Return *value* as it would leave, which has to be strict JSON.
    """
    clean = scrubbed(value, Redactor([SECRET]))
    json.dumps(clean, allow_nan=False, ensure_ascii=False).encode()
    return clean


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(f"the password is {SECRET}!", id="text"),
        pytest.param({"deep": [{"er": (f"x{SECRET}x",)}]}, id="nested"),
        pytest.param({SECRET: 1}, id="key"),
        pytest.param({f"a {SECRET}"}, id="set"),
        pytest.param(f"bytes of {SECRET}".encode(), id="bytes"),
        pytest.param(ValueError(SECRET), id="exception"),
        pytest.param(Nasty(), id="object-that-cannot-be-shown"),
        pytest.param(Raising(), id="mapping-that-cannot-be-read"),
        pytest.param("x" * (MAX_TEXT_CHARACTERS - 12) + SECRET, id="across-the-cut"),
        pytest.param("[redacted] " * 900 + SECRET * 900, id="many"),
    ],
)
def test_a_secret_leaves_nowhere_not_even_half_of_it(value: object) -> None:
    assert "hunter" not in json.dumps(scrub(value))


@pytest.mark.parametrize(
    "name", ["password", "accessToken", "X-Appwrite-Key", "api_key", "Set-Cookie", "dsn", "session"]
)
def test_what_stands_under_the_name_of_a_secret_is_masked_whatever_it_is(name: str) -> None:
    assert scrub({name: "abc"}) == scrub({name: 1234}) == scrub({name: {"value": ["abc"]}}) == {name: MASK}


def test_names_that_only_look_like_those_of_secrets_keep_their_values() -> None:
    value = {"dedup_key": "a/b", "token_expires_seconds": 3, "key_scope": "x", "has_token": True, "password": None}

    assert scrub(value) == value


def test_cycles_and_depth_end() -> None:
    cycle: dict[str, object] = {"a": 1}
    cycle["self"] = [cycle]
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]

    assert scrub(cycle) == {"a": 1, "self": ["[cycle]"]}
    assert len(json.dumps(scrub(deep))) < 100


def test_breadth_and_length_end() -> None:
    assert len(scrub(list(range(1_000_000)))) <= 5001
    assert len(json.dumps(scrub(["x" * 5000] * 1000))) < 100_000
    assert len(scrub("y" * 2_000_000)) <= MAX_TEXT_CHARACTERS


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        pytest.param(float("nan"), "nan", id="nan"),
        pytest.param(float("inf"), "inf", id="infinite"),
        pytest.param(1 << 63, str(1 << 63), id="too-large-for-parsers"),
        pytest.param(10**5000, "[unreadable]", id="too-large-for-python"),
        pytest.param("\ud83d", "?", id="half-a-character"),
        pytest.param("\N{SLEEPING FACE} – ü", "\N{SLEEPING FACE} – ü", id="unicode"),
    ],
)
def test_what_json_does_not_know_becomes_text(value: object, sent: str) -> None:
    assert scrub(value) == sent
