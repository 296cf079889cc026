"""
A few lives, and what the verdict on one says of receivers that were not told as they should be.

``python -m tests.delivery`` lives many more.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.incidents.incident import Incident
from tests.delivery.command import live_all
from tests.delivery.draw import plan_of
from tests.delivery.life import Evidence
from tests.delivery.place import Stored
from tests.delivery.plan import Moment, Scene
from tests.delivery.receivers import Told
from tests.delivery.target import Asked
from tests.delivery.verdict import Verdict
from tests.sinks.events import OPENED_AT, finding, incident

# In which two failures open, and two right answers resolve.
PLAN = replace(plan_of(1), open_after=2, resolve_after=2)
CHECK = PLAN.checks[0].name
# A few of every scene, in which daemons are killed at all moments.
SEEDS = (0, 1, 4, 6, 12, 15, 20, 24, 38, 41)


@pytest.mark.slow
@pytest.mark.asyncio
async def test_people_are_told_once_and_in_order_whatever_is_killed(tmp_path: Path) -> None:
    lives = await live_all(SEEDS, tmp_path, places=len(SEEDS))

    assert [(life.seed, life.wrong) for life in lives if life.wrong] == []
    assert sum(life.incidents for life in lives) > len(SEEDS) / 2


def test_the_seeds_of_the_tests_have_every_scene_and_moment() -> None:
    plans = [plan_of(seed) for seed in SEEDS]

    assert {plan.scene for plan in plans} == set(Scene)
    assert {blow.moment for plan in plans for blow in plan.blows} == set(Moment)


def test_a_seed_always_means_the_same_life() -> None:
    assert plan_of(7) == plan_of(7)
    assert replace(plan_of(7), seed=8) != plan_of(8)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        pytest.param("1 opened, 2 resolved", [], id="in-order"),
        pytest.param("1 opened, 1 opened, 2 reminded, 2 reminded, 3 resolved, 3 resolved", [], id="each-again"),
        pytest.param("", ["lost open", "lost open"], id="nothing"),
        pytest.param("1 opened", ["lost resolve", "lost resolve"], id="no-end"),
        pytest.param("2 resolved, 1 opened, 3 resolved", ["disorder", "disorder"], id="end-first"),
        pytest.param("1 opened, 2 reminded, 1 opened, 3 resolved", ["disorder"] * 4, id="opened-again"),
        pytest.param("1 opened, 2 resolved, 1 opened, 2 resolved", ["disorder"] * 6, id="opened-after-the-end"),
        pytest.param("1 opened, 2 resolved, 3 reminded, 4 resolved", ["disorder"] * 2, id="reminded-after-the-end"),
        pytest.param("1 opened, 1 opened!, 2 resolved", ["disorder"] * 2, id="in-other-words"),
    ],
)
def test_the_verdict_names_what_receivers_were_not_told_as_they_should_be(said: str, wrong: Sequence[str]) -> None:
    seen = evidence(said, incidents=[over("i")])

    assert kinds(seen) == wrong


@pytest.mark.parametrize(
    ("incidents", "wrong"),
    [
        pytest.param([], ["second incident", "second incident"], id="unknown-to-the-store"),
        pytest.param(["i", "j"], ["lost open", "lost open", "second incident"], id="two-at-a-time"),
    ],
)
def test_the_verdict_names_incidents_that_nobody_had_to_be_told_of(
    incidents: Sequence[str], wrong: Sequence[str]
) -> None:
    seen = evidence("1 opened, 2 resolved", incidents=[over(each) for each in incidents])

    assert kinds(seen) == wrong


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        pytest.param("..", ["false alarm"], id="nothing-failed"),
        pytest.param("x..", ["false alarm"], id="failed-once"),
        pytest.param("xx.", ["false resolve"], id="right-once"),
        pytest.param("xx", ["false resolve", "false resolve"], id="never-right"),
        pytest.param("xx..", [], id="often-enough"),
    ],
)
@pytest.mark.parametrize("daemons", ["1", "12"], ids=["one-daemon", "two-daemons-at-the-same-time"])
def test_the_verdict_names_what_the_target_gave_no_reason_for(answers: str, daemons: str, wrong: Sequence[str]) -> None:
    seen = evidence("1 opened, 2 resolved", incidents=[over("i")])
    seen.asked = [replace(each, daemon=daemon) for each in asked(answers) for daemon in daemons]

    assert kinds(seen) == wrong


def kinds(seen: Evidence) -> list[str]:
    """
    Return what the verdict finds wrong, without the details.
    """
    return [line.partition(":")[0] for line in Verdict(seen).wrong]


def evidence(said: str, *, incidents: Sequence[Incident]) -> Evidence:
    """
    Return the evidence of a life in which both receivers were told so of the incident ``i``.
    """
    words = [each.split(" ") for each in said.split(", ") if each]
    told = [
        Told(
            at=OPENED_AT.timestamp(),
            incident="i",
            event_id=f"i-{number}",
            transition=transition.rstrip("!"),
            body=json.dumps(transition).encode(),
            status=200,
        )
        for number, transition in words
    ]
    return Evidence(
        plan=PLAN,
        began_at=OPENED_AT.timestamp(),
        told={"pagerduty": told, "webhook": told},
        asked=list(asked("xx..")),
        stored=Stored(incidents=incidents),
    )


def asked(answers: str) -> Iterator[Asked]:
    """
    Yield *answers* of the target, ``x`` for a failure, up to the opening or the end of the incident.
    """
    for number, letter in enumerate(answers):
        failures = answers.count("x")
        seconds = 3.0 + number + 1 - len(answers) if letter == "." else 0.1 * (number + 1 - failures)
        yield Asked(at=OPENED_AT.timestamp() + seconds, daemon="1", check=CHECK, passed=letter == ".")


def over(id_: str) -> Incident:
    """
    Return an incident of the check that was open for three seconds.
    """
    ends = OPENED_AT + timedelta(seconds=3.0)
    return incident(id=id_, findings=(finding(check=CHECK),), failing_since=OPENED_AT, resolved_at=ends)
