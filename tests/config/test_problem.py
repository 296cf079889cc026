from pathlib import Path

import pytest

from monitor.config.problem import Position, Problem, in_order, sentence

PATH = Path("monitor.yaml")


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        pytest.param(
            Problem(message="is wrong", route=("a", "b", 1), position=Position(line=2, column=3)),
            "monitor.yaml:2:3: a.b[1]: is wrong",
            id="in-the-file",
        ),
        pytest.param(
            Problem(message="is wrong", route=("a",), source="secret file x"),
            "secret file x: a: is wrong",
            id="elsewhere",
        ),
        pytest.param(Problem(message="is wrong", source="secret file x"), "secret file x: is wrong", id="nowhere"),
        pytest.param(Problem(message="is wrong", route=("password:abc",)), "password…: is wrong", id="value-in-a-key"),
    ],
)
def test_begins_with_the_place(problem: Problem, expected: str) -> None:
    assert sentence(problem, PATH, ()) == expected


def test_is_no_longer_than_a_person_reads_and_shows_no_half_of_a_secret() -> None:
    problem = Problem(message="x" * 190 + " hunter2-and-more " + "x" * 100)

    told = sentence(problem, PATH, {"hunter2-and-more"})

    assert len(told) == 200
    assert told.startswith("x" * 190 + " *** x")


def test_what_stands_in_the_file_comes_first() -> None:
    late, early = (Problem(message="", position=Position(line=line, column=1)) for line in (9, 2))
    variable = Problem(message="", source="environment variable A")

    assert sorted([variable, late, early], key=in_order) == [early, late, variable]
