"""
The sandbox answers as the recorded server did, as recorded and under other names; and the comparison can fail.
"""

import asyncio
import random
from typing import Any

import pytest

from tests.conformance.compare import Bindings, Comparison, Difference
from tests.conformance.recording import Renaming, load, renamed
from tests.conformance.report import Deviation, Report, load_deviations
from tests.conformance.topics import TOPICS, Found, replay

SEED = random.randrange(1_000_000)


@pytest.fixture(scope="module", params=[None, SEED], ids=["as-recorded", "renamed"])
def found(request: pytest.FixtureRequest) -> Found:
    seed: int | None = request.param
    print(f"python -m tests.conformance{'' if seed is None else f' --seed {seed}'}")  # noqa: T201 - to run it again
    return asyncio.run(replay(Renaming() if seed is None else renamed(seed)))


@pytest.mark.slow
@pytest.mark.parametrize("topic", TOPICS)
def test_answers_as_recorded(found: Found, topic: str) -> None:
    report = Report({topic: found[topic]}, load_deviations())

    print(report.table())  # noqa: T201 - the report of the run
    assert report.misses() == []
    assert [f"{id_}: {difference}" for id_, difference in report.open(topic)] == []


@pytest.mark.slow
def test_every_accepted_deviation_still_deviates(found: Found) -> None:
    assert Report(found, load_deviations()).unused() == []


def test_renames_ids_names_and_values_but_no_word_of_appwrite() -> None:
    recorded, other = load("http-documents", Renaming()), load("http-documents", renamed(1))

    exchange = next(number for number, each in enumerate(recorded) if each["id"] == "databases/st_any_all/guest/get")
    before, after = recorded[exchange], other[exchange]
    assert before["request"]["path"] != after["request"]["path"]
    assert before["response"]["body"].keys() != after["response"]["body"].keys()
    assert {key for key in before["response"]["body"] if key[0] == "$"} <= after["response"]["body"].keys()
    assert before["id"] == after["id"]


BODY = {"total": 1, "documents": [{"$id": "6b02f6f59646d05e3ddb", "title": "by guest", "$createdAt": "x", "count": 1}]}


@pytest.mark.parametrize(
    ("got", "aspect"),
    [
        pytest.param({"total": 1}, "shape", id="field-missing"),
        pytest.param(BODY | {"more": 1}, "shape", id="field-more"),
        pytest.param(BODY | {"total": "1"}, "shape", id="other-type"),
        pytest.param(BODY | {"total": 2}, "value", id="other-value"),
        pytest.param(BODY | {"documents": []}, "shape", id="list-shorter"),
        pytest.param({**BODY, "documents": [{**BODY["documents"][0], "$id": "short"}]}, "value", id="no-id"),  # type: ignore[index]
    ],
)
def test_notices_a_body_that_differs(got: Any, aspect: str) -> None:
    comparison = Comparison(Bindings())

    comparison.body(BODY, got)

    assert aspect in {each.aspect for each in comparison.differences}


def test_one_recorded_id_stands_for_one_id_of_ours() -> None:
    bindings = Bindings()
    recorded = {"$id": "6b02f6f59646d05e3ddb"}

    Comparison(bindings).body(recorded, {"$id": "0" * 20})
    later = Comparison(bindings)
    later.body(recorded, {"$id": "1" * 20})

    assert [each.aspect for each in later.differences] == ["value"]
    assert bindings.apply("/documents/6b02f6f59646d05e3ddb") == f"/documents/{'0' * 20}"


def test_an_aim_is_missed_below_it_only() -> None:
    wrong = [Difference(aspect="shape", place="$", recorded=1, got=2)]
    found = {"some": {f"{number}": wrong if number < 2 else [] for number in range(100)}}

    assert Report(found, []).misses() == []
    assert Report(found | {"none": {}}, []).misses() != []
    found["some"]["99"] = wrong
    assert Report(found, []).misses() == ["some: shape of 97.00 % of the exchanges, aimed at 98 %"]


def test_a_deviation_covers_its_own_place_only() -> None:
    difference = Difference(aspect="status", place="", recorded=200, got=404)
    deviation = Deviation(exchange="some: a/*", aspect="status", place="", reason="for the test")
    report = Report({"some": {"a/1": [difference], "b/1": [difference]}}, [deviation])

    assert [id_ for id_, _ in report.open("some")] == ["b/1"]
    assert report.unused() == []
    assert Report({"some": {"b/1": [difference]}}, [deviation]).unused() == [deviation]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("broken", "instead", "topic", "aspect"),
    [
        pytest.param("monitor.sandbox.protocol.answers.REALTIME", "another", "faults", "header", id="header"),
        pytest.param(
            "monitor.sandbox.realtime.hub.Hub.announce", lambda *_, **__: None, "journey", "frame", id="event"
        ),
        pytest.param("monitor.sandbox.state.world.World.now", lambda _: "now", "http-collections", "shape", id="form"),
    ],
)
def test_notices_a_sandbox_that_answers_otherwise(
    monkeypatch: pytest.MonkeyPatch, broken: str, instead: object, topic: str, aspect: str
) -> None:
    monkeypatch.setattr(broken, instead)

    found = asyncio.run(replay(Renaming(), topics=[topic]))

    assert aspect in {each.aspect for _, each in Report(found, load_deviations()).open(topic)}
