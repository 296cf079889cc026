"""
The scripts of incidents: what they switch on exists, and what they expect is what the faults must lead to.
"""

import pytest

from monitor.core.cause import Cause
from monitor.core.errors import ConfigError
from monitor.core.severity import Severity
from monitor.sandbox.faults.named import build, describe
from monitor.sandbox.faults.switches import Faults
from monitor.sandbox.incidents.catalogue import INCIDENTS, incident_named, list_incidents
from monitor.sandbox.incidents.script import Act, AllRight, Diagnosed, Script
from monitor.sandbox.incidents.staging import stage

# A person waits for it, and was promised less than two minutes.
MOST_SECONDS = 120.0
ANYTHING = AllRight(within_seconds=1.0)

each_script = pytest.mark.parametrize("script", INCIDENTS.values(), ids=INCIDENTS)


@each_script
def test_every_fault_exists_and_takes_its_parameters(script: Script) -> None:
    faults = [build(name, parameters) for act in script.acts for name, parameters in act.faults.items()]

    assert faults


@each_script
def test_what_is_expected_is_what_the_faults_of_the_act_must_lead_to(script: Script) -> None:
    for act in script.acts:
        faults = [describe(name) for name in act.faults]
        if isinstance(act.expectation, Diagnosed):
            assert {fault.cause for fault in faults} == {Cause(act.expectation.cause)}
            assert {fault.pages for fault in faults} == {act.expectation.severity is Severity.PAGE}
        else:
            assert faults == []


@each_script
def test_every_act_has_a_cause_of_its_own_and_the_last_one_ends_well(script: Script) -> None:
    causes = [act.expectation.cause for act in script.acts if isinstance(act.expectation, Diagnosed)]

    assert len(set(causes)) == len(causes) == len(script.acts) - 1
    assert isinstance(script.acts[-1].expectation, AllRight)


@each_script
def test_it_ends_within_two_minutes_whatever_happens(script: Script) -> None:
    assert script.limit_seconds < MOST_SECONDS


def test_the_outage_of_january_is_told_as_it_was() -> None:
    *wrong, _ = INCIDENTS["chat-outage"].acts

    assert [act.expectation.cause for act in wrong if isinstance(act.expectation, Diagnosed)] == [
        Cause.COLLECTION_MISSING,
        Cause.PERMISSION_MISSING,
        Cause.PERMISSION_EXCESS,
    ]
    for act in wrong:
        collections = {parameters["collection"] for parameters in act.faults.values()}
        assert collections == {"chat_messages", "chat_sessions", "notifications"}


def test_the_faults_of_an_act_take_the_place_of_those_before() -> None:
    faults = Faults()

    stage(Act(title="", faults={"slow": {}, "realtime_silent": {}}, expectation=ANYTHING), faults)
    stage(Act(title="", faults={"slow": {"seconds": 0.5}}, expectation=ANYTHING), faults)

    assert faults.active() == ["slow"]
    assert (faults.parameters("slow") or {})["seconds"] == 0.5


def test_what_goes_on_is_not_disturbed() -> None:
    faults = Faults()
    faults.switch_on("permission_missing", actions=("create",))
    [fault] = faults.in_force()

    stage(Act(title="", faults={"permission_missing": {"actions": ("create",)}}, expectation=ANYTHING), faults)

    assert [each is fault for each in faults.in_force()] == [True]


@pytest.mark.asyncio
async def test_what_does_not_heal_stays_until_an_act_begins_that_does_not_name_it() -> None:
    faults = Faults()
    stage(Act(title="", faults={"redis_gone": {"recovery_seconds": 0.0}}, expectation=ANYTHING), faults)

    stage(Act(title="", expectation=ANYTHING), faults)
    left = faults.active()
    stage(Act(title="", expectation=ANYTHING), faults)

    assert (left, faults.active()) == (["redis_back_silent"], [])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        pytest.param("chat-outge", "did you mean 'chat-outage'?", id="misspelt"),
        pytest.param("zzz", f"there are {', '.join(sorted(INCIDENTS))}", id="nothing near"),
    ],
)
def test_a_name_that_is_not_there_is_answered_with_those_that_are(name: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match="unknown incident") as error:
        incident_named(name)

    assert sentence in str(error.value)


def test_the_list_says_of_each_what_it_is_about() -> None:
    lines = list_incidents().splitlines()

    assert [line.split("  ")[0] for line in lines] == list(INCIDENTS)
    assert [line.split("  ")[-1].strip() for line in lines] == [script.summary for script in INCIDENTS.values()]
