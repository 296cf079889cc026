import pytest

from monitor.config.wording import choice, did_you_mean, show


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(None, "nothing", id="nothing"),
        pytest.param(True, "true", id="truth"),
        pytest.param({"a": 1}, "a mapping", id="mapping"),
        pytest.param([1], "a list", id="list"),
        pytest.param("https://host/v1", "https://host/v1", id="one-word"),
        pytest.param("a word ", "'a word '", id="blanks-in-quotes"),
        pytest.param("x" * 50, "x" * 39 + "…", id="long"),
        pytest.param("standard_" + "ab" * 128, "***", id="secret-longer-than-what-is-shown"),
    ],
)
def test_shows_a_value_in_a_few_characters(value: object, shown: str) -> None:
    assert show(value) == shown


@pytest.mark.parametrize(
    ("names", "listed"),
    [
        pytest.param([], "", id="none"),
        pytest.param(["a"], "a", id="one"),
        pytest.param(["a", "b", "c"], "a, b or c", id="a-few"),
        pytest.param(list("abcdefgh"), "a, b, c, d, e, f, g or h", id="as-many-as-fit"),
        pytest.param(list("abcdefghij"), "a, b, c, d, e, f, g, h … and 2 more", id="more"),
        pytest.param(["a" * 60, "b" * 60], "a" * 60 + " … and 1 more", id="long-ones"),
    ],
)
def test_lists_as_many_names_as_a_person_reads(names: list[str], listed: str) -> None:
    assert choice(names) == listed


@pytest.mark.parametrize(
    ("name", "question"),
    [
        pytest.param("timeot", ": did you mean timeout?", id="near"),
        pytest.param("quux", "", id="not-near"),
    ],
)
def test_asks_for_the_nearest_name_if_one_is_near(name: str, question: str) -> None:
    assert did_you_mean(name, ["every", "timeout"]) == question
