"""
The reasoning, by itself: the same sightings give the same diagnoses, each trouble has one, and nothing is guessed.
"""

import json
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.cause import Cause
from monitor.core.outcome import Reason, Status
from monitor.core.severity import Severity
from monitor.core.topic import Topic
from monitor.diagnosis.diagnose import diagnose, explain
from monitor.diagnosis.diagnosis import Confidence, Diagnosis
from monitor.diagnosis.place import Place
from monitor.diagnosis.rules import RULES
from monitor.diagnosis.separate import Askable, worth_asking
from monitor.diagnosis.sighting import Sighting
from monitor.diagnosis.text import as_lines, as_text
from tests.outcomes import outcome_of

NOW = datetime(2026, 1, 23, 9, 33, tzinfo=UTC)
PLACE = Place(endpoint="https://api.example.com/v1", project="p", database="main", site="https://example.com")


def sighting(
    check: str,
    reason: Reason | None,
    *,
    status: Status = Status.FAILED,
    after: float = 0.0,
    topic: str = "",
    **facts: Any,
) -> Sighting:
    # A fact is called like a parameter here.
    facts = {"status" if name == "code" else name: fact for name, fact in facts.items()}
    outcome = outcome_of(
        status if reason else Status.PASSED,
        reason,
        check=check,
        run_id=check,
        message=f"{check} says so",
        evidence=facts,
        started_at=NOW + timedelta(seconds=after),
        topics=frozenset({Topic(topic)} if topic else ()),
    )
    return Sighting.of(outcome.as_json())


def causes(*sightings: Sighting) -> list[Cause]:
    return [each.cause for each in explain(sightings, PLACE)]


GONE: Mapping[str, Any] = {"type": "collection_not_found", "code": 404}


def test_a_proof_beats_every_hint() -> None:
    client = sighting("journey", Reason.NOT_FOUND, collection="chat", identity="customer", **GONE)
    key = sighting("exists", Reason.NOT_FOUND, collection="chat", identity="key", **GONE)

    [alone] = explain([client], PLACE)
    [proved] = explain([client, key], PLACE)

    assert (alone.confidence, proved.confidence) == (Confidence.LIKELY, Confidence.CERTAIN)
    assert Cause.COLLECTION_DISABLED in alone.rivals
    assert proved.rivals == ()
    assert proved.checks == ("exists", "journey")


def test_what_speaks_of_another_collection_is_another_trouble() -> None:
    missing = sighting("exists", Reason.NOT_FOUND, collection="chat", identity="key", **GONE)
    denied = sighting("access", Reason.PERMISSION_MISSING, collection="bookings", identity="guest")

    assert causes(missing, denied) == [Cause.COLLECTION_MISSING, Cause.PERMISSION_MISSING]


def test_what_was_seen_before_the_trouble_began_rules_nothing_out() -> None:
    hangs = sighting("api", Reason.TIMEOUT, phase="first_byte", waited_seconds=5.0, after=60.0)
    before = sighting("health", None, after=0.0, slowest_answer_seconds=2.0)
    since = sighting("health", None, after=90.0, slowest_answer_seconds=2.0)

    assert causes(hangs, before) == [Cause.SERVICE_DOWN]
    assert causes(hangs, since) == [Cause.SERVICE_DEGRADED]


def test_the_lowest_layer_explains_what_lies_above_it() -> None:
    down = sighting("api", Reason.HTTP_STATUS, type="general_unknown", code=500)
    socket = sighting("socket", Reason.TIMEOUT, phase="connected_frame")
    held = sighting("held", Reason.TIMEOUT, phase="pong")

    [diagnosis] = explain([down, socket, held], PLACE)

    assert diagnosis.cause is Cause.SERVICE_DOWN
    assert set(diagnosis.checks) == {"api", "socket", "held"}


def test_what_a_lower_cause_explains_proves_no_higher_one() -> None:
    hangs = sighting("api", Reason.TIMEOUT, phase="first_byte", waited_seconds=5.0)
    held = sighting("held", Reason.TIMEOUT, phase="pong")
    guest = sighting("guest", Reason.WRONG_ANSWER, phase="connected_frame", error_code=1008)

    assert causes(hangs, held, guest) == [Cause.SERVICE_DOWN, Cause.PROJECT_MISSING]


def test_requests_that_hang_are_an_outage_though_others_are_answered() -> None:
    hangs = sighting("documents", Reason.TIMEOUT, phase="first_byte", waited_seconds=5.0)
    health = sighting("health", None, after=10.0, topic="api")

    assert causes(hangs, health) == [Cause.SERVICE_DOWN]


def test_a_function_that_no_journey_calls_is_a_trouble_of_its_own() -> None:
    missing = sighting("exists", Reason.NOT_FOUND, collection="chat", identity="key", **GONE)
    journey = sighting("journey", Reason.WRONG_ANSWER, function="send", profile="january", answer_status=500)
    ping = sighting("ping", Reason.WRONG_ANSWER, function="ping", execution_status="failed", answer_status=500)

    assert causes(missing, journey) == [Cause.COLLECTION_MISSING]
    assert causes(missing, journey, ping) == [Cause.COLLECTION_MISSING, Cause.FUNCTION_FAILED]


def test_a_user_who_is_not_taken_for_himself_may_be_the_platforms_fault() -> None:
    socket = sighting("socket", Reason.INTERNAL, status=Status.ERRORED, identity="customer", credentials="refused")

    [diagnosis] = explain([socket], PLACE)

    assert (diagnosis.cause, diagnosis.confidence) == (Cause.SESSION_INVALID, Confidence.LIKELY)


def test_what_nobody_knows_is_in_no_command_and_no_sentence() -> None:
    bundle = sighting("bundle", Reason.NOT_FOUND, mismatches=("missing_collection",))

    [diagnosis] = explain([bundle])

    assert not any(sign in line for line in (diagnosis.summary, *diagnosis.remedy) for sign in "<{")
    assert not any("appwrite " in line for line in diagnosis.remedy)


def test_a_near_miss_is_the_first_thing_to_look_at() -> None:
    typo = sighting(
        "exists",
        Reason.NOT_FOUND,
        collection="bokings",
        identity="key",
        near_miss="bookings",
        near_miss_kind="similar_id",
        **GONE,
    )

    [diagnosis] = explain([typo], PLACE)

    assert "bookings; when that is meant, correct the id" in diagnosis.remedy[0]


def test_a_hint_about_another_collection_does_not_follow() -> None:
    disabled = sighting("exists", Reason.NOT_FOUND, collection="chat", enabled=False)
    client = sighting("journey", Reason.NOT_FOUND, collection="bookings", identity="customer", **GONE)

    assert causes(disabled, client) == [Cause.COLLECTION_MISSING, Cause.COLLECTION_DISABLED]


CHAT = Askable(check="chat-exists", topics=frozenset({Topic.COLLECTION}), collection="chat", timeout_seconds=5.0)
BOOKINGS = Askable(check="bookings-exist", topics=frozenset({Topic.COLLECTION}), collection="bookings")
SCHEMA = Askable(check="schema", topics=frozenset({Topic.SCHEMA}))
LATER = Askable(check="schema-2", topics=frozenset({Topic.SCHEMA}), timeout_seconds=60.0)


@pytest.mark.parametrize(
    ("looked", "asked"),
    [
        pytest.param((), ("chat-exists", "schema"), id="of-the-same-collection-and-the-quickest"),
        pytest.param((("schema", 5.0),), ("chat-exists",), id="whoever-has-just-looked-has-told"),
        pytest.param((("schema-2", 5.0),), ("chat-exists",), id="so-has-another-of-its-kind"),
        pytest.param((("bookings-exist", 5.0),), ("chat-exists", "schema"), id="not-of-another-collection"),
        pytest.param((("schema", -60.0),), ("chat-exists", "schema"), id="before-it-began-it-could-not-tell"),
    ],
)
def test_asks_those_who_can_tell_and_have_not(looked: Sequence[tuple[str, float]], asked: Sequence[str]) -> None:
    trouble = sighting("journey", Reason.NOT_FOUND, collection="chat", identity="customer", **GONE)
    scene = [trouble, *(sighting(name, None, after=after) for name, after in looked)]

    assert worth_asking(trouble, scene, [BOOKINGS, CHAT, LATER, SCHEMA]) == tuple(asked)


def test_asks_nobody_when_the_cause_is_clear() -> None:
    trouble = sighting("c", Reason.DUPLICATE_EVENT)

    assert worth_asking(trouble, [trouble], [CHAT, SCHEMA]) == ()


def test_what_no_rule_knows_is_unknown_and_says_what_is_known() -> None:
    [diagnosis] = explain([sighting("odd", Reason.WRONG_ANSWER, thing="header X")], PLACE)

    assert (diagnosis.cause, diagnosis.confidence) == (Cause.UNKNOWN, Confidence.UNKNOWN)
    assert "odd says so" in diagnosis.summary


def test_a_page_that_is_not_the_platforms_says_nothing_of_it() -> None:
    assert causes(
        sighting("partner", Reason.HTTP_STATUS, of="elsewhere", code=503, type="", server_is_appwrite=False)
    ) == [Cause.UNKNOWN]


def test_own_trouble_is_one_and_no_outage() -> None:
    own = [sighting(name, Reason.INTERNAL, status=Status.ERRORED, own="bug") for name in ("a", "b")]

    [diagnosis] = explain(own, PLACE)

    assert (diagnosis.cause, diagnosis.most) == (Cause.UNKNOWN, Severity.TICKET)
    assert diagnosis.checks == ("a", "b")


@pytest.mark.parametrize(
    ("facts", "cause", "most"),
    [
        pytest.param({"reason": Reason.DISABLED}, Cause.FEATURE_DISABLED, Severity.INFO, id="switched-off"),
        pytest.param(
            {"reason": Reason.DISABLED, "type": "general_service_disabled"},
            Cause.API_DISABLED,
            Severity.PAGE,
            id="service-off",
        ),
        pytest.param({"reason": Reason.RATE_LIMITED}, Cause.RATE_LIMITED, Severity.TICKET, id="throttled"),
        pytest.param({"reason": Reason.DUPLICATE_EVENT}, Cause.REALTIME_DUPLICATE, Severity.TICKET, id="twice"),
        pytest.param({"reason": Reason.PERMISSION_EXCESS}, Cause.PERMISSION_EXCESS, Severity.PAGE, id="exposed"),
    ],
)
def test_a_cause_bounds_how_urgent_it_is(facts: Mapping[str, Any], cause: Cause, most: Severity) -> None:
    [diagnosis] = explain([sighting("c", **facts)], PLACE)

    assert (diagnosis.cause, diagnosis.most) == (cause, most)


def test_what_to_do_names_this_target_and_no_placeholder() -> None:
    trouble = sighting("exists", Reason.NOT_FOUND, collection="chat", identity="key", **GONE)

    [diagnosis] = explain([trouble], PLACE)

    assert "--database-id main --collection-id chat" in diagnosis.remedy[0]
    assert not any("<" in line or "{" in line for line in diagnosis.remedy)


def test_a_text_tells_what_since_for_to_do_and_unless() -> None:
    trouble = sighting("exists", Reason.NOT_FOUND, collection="chat", identity="key", **GONE)

    lines = as_lines(explain([trouble], PLACE)[0], width=60)

    assert lines[0] == "diagnosis: collection_missing"
    labels = [line[2:11].strip() for line in lines[1:] if line[2:11].strip()]
    assert labels == ["what", "since", "for", "to do", "runbook", "unless"]


# Whatever is seen.

FACTS = st.dictionaries(
    st.sampled_from(sorted({name for rule in RULES for clue in (*rule.proofs, *rule.hints) for name in clue.facts})),
    st.one_of(
        st.integers(-1, 600),
        st.booleans(),
        st.none(),
        st.sampled_from(
            ["", "key", "customer", "chat", "general_unknown", "collection_not_found", "first_byte", "network"]
        ),
        st.lists(st.text(max_size=5), max_size=3),
    ),
    max_size=5,
)


@st.composite
def scenes(draw: st.DrawFn) -> list[Sighting]:
    count = draw(st.integers(0, 12))
    made = []
    for number in range(count):
        facts: dict[str, Any] = {
            key: value for key, value in draw(FACTS).items() if key not in {"status", "topic", "after"}
        }
        reason = draw(st.sampled_from([None, *Reason]))
        status = draw(st.sampled_from([Status.FAILED, Status.ERRORED, Status.DEGRADED]))
        made.append(sighting(f"c{number}", reason, status=status, after=draw(st.floats(0.0, 100.0)), **facts))
    return made


@settings(max_examples=200, deadline=None)
@given(scenes(), st.randoms(use_true_random=False))
def test_every_trouble_has_one_cause_whatever_the_order(scene: list[Sighting], dice: random.Random) -> None:
    troubles = [each for each in scene if each.is_wrong]
    shuffled = dice.sample(troubles, len(troubles))

    found = diagnose(troubles, scene, PLACE)
    again = diagnose(shuffled, dice.sample(scene, len(scene)), PLACE)

    members = [number for each in found for number in each.members]
    assert sorted(members) == list(range(len(troubles)))
    assert [each.diagnosis for each in found] == [each.diagnosis for each in again]
    assert [{troubles[number].check for number in each.members} for each in found] == [
        {shuffled[number].check for number in each.members} for each in again
    ]
    for each in found:
        assert Diagnosis.from_json(json.loads(json.dumps(each.diagnosis.as_json()))) == each.diagnosis
        assert as_text(each.diagnosis)


def test_every_cause_has_a_rule_and_something_to_do() -> None:
    assert {rule.cause for rule in RULES} == set(Cause) - {Cause.UNKNOWN}
    for rule in RULES:
        assert rule.remedy, rule.cause
        assert rule.opinion or rule.cause is Cause.KEY_SCOPE, rule.cause
        assert rule.proofs or rule.hints, rule.cause
