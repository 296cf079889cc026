import asyncio
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from pydantic import ValidationError

from monitor.appwrite.session import AiohttpSession
from monitor.config import load_settings
from monitor.core.check import Check
from monitor.core.cost import Cost, Limited
from monitor.core.errors import ConfigError
from monitor.core.identity import User
from monitor.core.leftover import MARK
from monitor.core.outcome import EventResult, Outcome, Reason, Status
from monitor.core.transport import Request, Response
from monitor.registry import load_registry
from monitor.sandbox import seed
from monitor.sandbox.realtime.events import Write, channels_of
from monitor.sandbox.server import Sandbox
from tests.conftest import Platform, check_of

pytestmark = pytest.mark.asyncio


def chat_delivery(**settings: object) -> Check:
    return check_of(
        "realtime_delivery",
        **{
            "collection": "chat_messages",
            "writer": "customer",
            "reader": "therapist",
            "readable_by": ["team:synthetic-pair"],
            "event_within": "500ms",
            "settle": "20ms",
            **settings,
        },
    )


def guarded_delivery(**settings: object) -> Check:
    return chat_delivery(**{"eavesdroppers": ["guest", "stranger"], **settings})


def verdict(outcome: Outcome) -> tuple[Status, Reason | None]:
    return outcome.status, outcome.reason


both_families = pytest.mark.parametrize("api", ["collections", "tables"])


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({}, id="from one user to another, through a team"),
        pytest.param({"writer": "key", "readable_by": ["user:synthetic-therapist"]}, id="from the backend to a user"),
        pytest.param({"reader": "guest", "readable_by": ["any"]}, id="from a user to a guest"),
        pytest.param({"collection": "bookings"}, id="another collection, other attributes"),
        pytest.param({"eavesdroppers": ["guest", "stranger"]}, id="while others listen"),
        pytest.param({"writer": "login", "eavesdroppers": ["anonymous"]}, id="of users with sessions"),
    ],
)
async def test_passes_when_the_event_arrives(platform: Platform, settings: dict[str, object]) -> None:
    outcome = await platform.run(chat_delivery(**settings))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert outcome.observations.events == {EventResult.DELIVERED: 1}
    assert 0 < outcome.observations.delivery_seconds[0] < 0.5


@both_families
async def test_passes_when_all_of_several_events_arrive(versioned: Platform, api: str) -> None:
    outcome = await versioned.run(guarded_delivery(events=5, control="notifications", late_after="400ms"), api=api)

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert outcome.observations.events == {EventResult.DELIVERED: 5}
    assert outcome.evidence.items() >= {"events": 5, "delivered": 5, "lost": 0, "leaked": 0}.items()
    assert len(outcome.observations.delivery_seconds) == 5


async def test_a_connected_socket_that_never_delivers_is_no_event_never_passed(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("realtime_silent")

    connected = await platform.run(check_of("websocket_connect", identity="therapist"))
    outcome = await platform.run(chat_delivery())

    assert connected.status is Status.PASSED
    assert verdict(outcome) == (Status.FAILED, Reason.NO_EVENT)
    assert outcome.observations.events == {EventResult.LOST: 1}
    assert outcome.evidence["readable"] is True


@pytest.mark.parametrize(
    ("fault", "settings", "reason", "events"),
    [
        pytest.param(
            ("redis_back_silent", {}), {"events": 2}, Reason.NO_EVENT, {EventResult.LOST: 2}, id="redis was away"
        ),
        pytest.param(
            ("realtime_pipeline", {"every": 2}),
            {"events": 4},
            Reason.NO_EVENT,
            {EventResult.DELIVERED: 2, EventResult.LOST: 2},
            id="every second event gets lost",
        ),
        pytest.param(
            ("realtime_reordered", {"every": 2, "seconds": 0.1}),
            {"events": 5, "ordered": True},
            Reason.LATE_EVENT,
            {EventResult.DELIVERED: 3, EventResult.REORDERED: 2},
            id="events overtake each other",
        ),
        pytest.param(
            ("realtime_late", {"seconds": 0.1}),
            {"events": 2, "late_after": "50ms"},
            Reason.LATE_EVENT,
            {EventResult.LATE: 2},
            id="events come late",
        ),
        pytest.param(
            ("realtime_duplicate", {"count": 3}),
            {"events": 2},
            Reason.DUPLICATE_EVENT,
            {EventResult.DELIVERED: 2, EventResult.DUPLICATE: 4},
            id="events come three times",
        ),
        pytest.param(
            ("realtime_duplicate", {"seconds": 0.05}),
            {"settle": "200ms"},
            Reason.DUPLICATE_EVENT,
            {EventResult.DELIVERED: 1, EventResult.DUPLICATE: 1},
            id="an event comes again a while later",
        ),
    ],
)
async def test_names_what_became_of_the_events(
    platform: Platform,
    fault: tuple[str, dict[str, object]],
    settings: dict[str, object],
    reason: Reason,
    events: dict[EventResult, int],
) -> None:
    platform.sandbox.faults.switch_on(fault[0], **fault[1])

    outcome = await platform.run(chat_delivery(**settings))

    assert verdict(outcome) == (Status.FAILED, reason)
    assert outcome.observations.events == events
    assert outcome.evidence.items() >= {result.value: number for result, number in events.items()}.items()


async def test_events_that_overtake_each_other_are_degraded_where_no_order_is_demanded(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("realtime_reordered", every=2, seconds=0.1)

    outcome = await platform.run(chat_delivery(events=5, objective="400ms"))

    assert verdict(outcome) == (Status.DEGRADED, Reason.LATE_EVENT)
    assert outcome.observations.events == {EventResult.DELIVERED: 3, EventResult.REORDERED: 2}


async def test_every_event_has_its_time_from_its_own_write(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("slow", seconds=0.5, identity="user", methods="write")
    platform.sandbox.faults.switch_on("realtime_late", seconds=0.5)

    outcome = await platform.run(chat_delivery(events=2, event_within="1450ms"))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    # From the first write, the second would have taken 1.5 s.
    assert all(1.0 <= took < 1.45 for took in outcome.observations.delivery_seconds)


async def test_an_event_between_objective_and_late_is_degraded(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("realtime_late", seconds=0.05)

    outcome = await platform.run(chat_delivery(objective="20ms", late_after="400ms"))

    assert verdict(outcome) == (Status.DEGRADED, Reason.SLOW)
    assert outcome.evidence["delivered"] == 1


async def test_an_event_that_comes_while_the_reason_is_looked_for_is_late_or_shown_to_be_slow(
    platform: Platform,
) -> None:
    platform.sandbox.faults.switch_on("realtime_late", seconds=0.2)
    platform.sandbox.faults.switch_on("slow", seconds=0.2, identity="user", methods="read")

    late = await platform.run(chat_delivery(event_within="100ms", late_after="50ms"))
    lost = await platform.run(chat_delivery(event_within="100ms"))

    assert verdict(late) == (Status.FAILED, Reason.LATE_EVENT)
    assert verdict(lost) == (Status.FAILED, Reason.NO_EVENT)
    assert "realtime is slow" in lost.message
    assert lost.observations.events == {EventResult.LOST: 1}


async def test_a_control_that_is_heard_tells_trouble_of_one_collection_from_that_of_all(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.listening.silence._TESTS_SECONDS", 0.3)
    platform.sandbox.hub.tests_interval_seconds = 600.0
    check = chat_delivery(events=2, control="notifications")

    platform.sandbox.faults.switch_on("realtime_pipeline", every=1, collection="chat_messages")
    of_one = await platform.run(check)
    platform.sandbox.faults.switch_on("realtime_pipeline", every=1, collection="")
    of_all = await platform.run(check)

    assert verdict(of_one) == verdict(of_all) == (Status.FAILED, Reason.NO_EVENT)
    # Where the control is heard, realtime lives, and its own channel is not waited for.
    assert (of_one.evidence["control_heard"], of_one.evidence["tests_heard"]) == (True, None)
    assert (of_all.evidence["control_heard"], of_all.evidence["tests_heard"]) == (False, False)


@pytest.mark.parametrize(
    ("settings", "heard"),
    [
        pytest.param({"control": "notifications"}, True, id="a user is granted read"),
        pytest.param(
            {"control": "notifications", "writer": "key", "reader": "guest", "readable_by": ["guests"]},
            True,
            id="guests are granted read",
        ),
        pytest.param({"control": "no_such_collection"}, None, id="trouble of its own hides nothing"),
    ],
)
async def test_the_reader_is_let_read_the_control(
    platform: Platform, settings: dict[str, object], heard: bool | None
) -> None:
    platform.sandbox.faults.switch_on("realtime_pipeline", every=1, collection="chat_messages")

    outcome = await platform.run(chat_delivery(**settings))

    assert verdict(outcome) == (Status.FAILED, Reason.NO_EVENT)
    assert outcome.evidence["control_heard"] is heard


@pytest.mark.parametrize(
    ("tests_interval_seconds", "heard", "told"),
    [
        pytest.param(0.1, True, "pub/sub is dead", id="the process lives"),
        pytest.param(600.0, False, "its process is stuck", id="the process is silent too"),
    ],
)
async def test_the_tests_channel_tells_a_dead_pub_sub_from_a_dead_process(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, tests_interval_seconds: float, heard: bool, told: str
) -> None:
    monkeypatch.setattr("monitor.listening.silence._TESTS_SECONDS", 0.3)
    platform.sandbox.hub.tests_interval_seconds = tests_interval_seconds
    platform.sandbox.faults.switch_on("realtime_silent")

    outcome = await platform.run(chat_delivery(event_within="100ms", control="notifications"))

    assert verdict(outcome) == (Status.FAILED, Reason.NO_EVENT)
    assert (outcome.evidence["control_heard"], outcome.evidence["tests_heard"]) == (False, heard)
    assert told in outcome.message


async def test_no_time_left_to_listen_is_no_proof_of_silence(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("realtime_silent")

    outcome = await platform.run(chat_delivery(event_within="600ms", timeout="1s", control="notifications"))

    assert verdict(outcome) == (Status.FAILED, Reason.NO_EVENT)
    assert (outcome.evidence["control_heard"], outcome.evidence["tests_heard"]) == (None, None)


@pytest.mark.parametrize(
    ("role", "leaked_to"),
    [
        pytest.param("any", ("guest", "stranger"), id="to anybody"),
        pytest.param("guests", ("guest",), id="to guests only"),
        pytest.param("users", ("stranger",), id="to every user"),
    ],
)
@both_families
async def test_an_event_at_an_eavesdropper_is_excess_on_every_channel_there_is(
    versioned: Platform, api: str, role: str, leaked_to: tuple[str, ...]
) -> None:
    versioned.sandbox.faults.switch_on("permission_excess", role=role)

    outcome = await versioned.run(guarded_delivery(events=2), api=api)

    assert verdict(outcome) == (Status.FAILED, Reason.PERMISSION_EXCESS)
    assert (outcome.evidence["identity"], outcome.evidence["identities"]) == (leaked_to[0], leaked_to)
    assert outcome.observations.events == {EventResult.DELIVERED: 2, EventResult.LEAKED: 2 * len(leaked_to)}
    assert f'remove read("{role}")' in outcome.message
    sandbox, channels = versioned.sandbox, outcome.evidence["channels"]
    assert isinstance(channels, tuple)
    document = max(map(str, channels), key=len).split(".")[5]
    document = next(
        str(channel).split(".")[5] for channel in channels if str(channel).count(".") == 5 and MARK in str(channel)
    )
    write = Write(action="create", database=sandbox.database, collection="chat_messages", document=document)
    assert set(channels) == set(channels_of(write, sandbox.world.profile))


@pytest.mark.parametrize("collection", ["chat_messages", "chat_sessions"])
async def test_the_remedy_of_the_incident_report_turns_it_red_within_one_round(
    platform: Platform, collection: str
) -> None:
    check = guarded_delivery(collection=collection)
    before = await platform.run(check)

    await permit(platform.sandbox, collection, 'read("any")', 'create("any")')
    after = await platform.run(check)

    assert before.status is Status.PASSED
    assert verdict(after) == (Status.FAILED, Reason.PERMISSION_EXCESS)
    assert 'everybody can read it: remove read("any")' in after.message


async def permit(sandbox: Sandbox, collection: str, *permissions: str) -> None:
    """
    Set the permissions of a collection as the console does.
    """
    url = f"{sandbox.endpoint}/databases/{sandbox.database}/collections/{collection}"
    headers = {"X-Appwrite-Project": sandbox.project, "X-Appwrite-Key": sandbox.api_key}
    body = {"name": collection, "permissions": permissions, "documentSecurity": True}
    async with aiohttp.ClientSession() as session, session.put(url, json=body, headers=headers) as answer:
        assert answer.status == 200


async def test_who_can_read_a_document_is_excess_also_while_no_event_comes(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("permission_excess")
    platform.sandbox.faults.switch_on("realtime_silent")

    outcome = await platform.run(guarded_delivery(event_within="100ms"))

    assert verdict(outcome) == (Status.FAILED, Reason.PERMISSION_EXCESS)
    assert outcome.observations.events == {EventResult.LOST: 1}
    assert "'guest' can read it over REST" in outcome.message
    assert outcome.steps[-1].name == "listen"


async def test_an_answer_that_says_nothing_is_no_proof_of_privacy(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("server_error", identity="guest", methods="read")
    unanswered = await platform.run(guarded_delivery())

    platform.sandbox.faults.switch_on("permission_excess", role="users")
    platform.sandbox.faults.switch_on("realtime_silent")
    read_by_another = await platform.run(guarded_delivery(event_within="100ms"))

    assert verdict(unanswered) == (Status.FAILED, Reason.HTTP_STATUS)
    assert verdict(read_by_another) == (Status.FAILED, Reason.PERMISSION_EXCESS)


async def test_an_eavesdropper_who_is_not_answered_does_not_replace_what_is_known(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("server_error", identity="guest", methods="read")
    platform.sandbox.faults.switch_on("realtime_silent")

    outcome = await platform.run(guarded_delivery(event_within="100ms"))

    assert verdict(outcome) == (Status.FAILED, Reason.NO_EVENT)
    assert outcome.evidence["readable"] is True


@pytest.mark.parametrize(
    ("fault", "parameters"),
    [
        pytest.param("realtime_duplicate", {}, id="events double"),
        pytest.param("realtime_pipeline", {}, id="events lost"),
        pytest.param("realtime_late", {"seconds": 0.1}, id="events late"),
    ],
)
async def test_excess_beats_whatever_else_is_wrong(
    platform: Platform, fault: str, parameters: dict[str, object]
) -> None:
    platform.sandbox.faults.switch_on("permission_excess")
    platform.sandbox.faults.switch_on(fault, **parameters)

    outcome = await platform.run(guarded_delivery(events=2, late_after="50ms"))

    assert outcome.reason is Reason.PERMISSION_EXCESS


@pytest.mark.parametrize(
    ("settings", "step"),
    [
        pytest.param({"readable_by": []}, "event", id="nobody else was granted read"),
        pytest.param({"writer": "guest", "readable_by": ["any"]}, "write", id="the writer may not create"),
    ],
)
async def test_names_the_permission_when_that_is_what_is_missing(
    platform: Platform, settings: dict[str, object], step: str
) -> None:
    outcome = await platform.run(chat_delivery(**settings))

    assert verdict(outcome) == (Status.FAILED, Reason.PERMISSION_MISSING)
    assert [ended.name for ended in outcome.steps if not ended.passed] == [step]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param({"reader": "guest"}, "'guest' does not hold team:synthetic-pair", id="the reader lacks the role"),
        pytest.param({"reader": "twin"}, "'customer' and 'twin' are one user", id="two names of one user"),
    ],
)
async def test_identities_that_prove_nothing_are_the_monitors_own_fault(
    platform: Platform, settings: dict[str, object], words: str
) -> None:
    platform._identities = {**platform._identities, "twin": User(user_id=platform.sandbox.customer.id)}

    outcome = await platform.run(chat_delivery(**settings))

    assert verdict(outcome) == (Status.ERRORED, Reason.INTERNAL)
    assert words in outcome.message


async def test_document_security_that_was_switched_off_is_not_told_to_be_mended_by_publishing_all(
    platform: Platform,
) -> None:
    platform.sandbox.world.collections["chat_messages"].document_security = False

    outcome = await platform.run(chat_delivery())

    assert verdict(outcome) == (Status.FAILED, Reason.PERMISSION_MISSING)
    assert "document security of 'chat_messages' is off" in outcome.message
    assert "grant read" not in outcome.message


@pytest.mark.parametrize(
    ("fault", "parameters", "settings", "expected"),
    [
        pytest.param("collection_missing", {}, {}, (Status.FAILED, Reason.NOT_FOUND), id="deleted"),
        pytest.param("collection_disabled", {}, {}, (Status.FAILED, Reason.NOT_FOUND), id="disabled"),
        pytest.param(
            "permission_missing", {}, {}, (Status.FAILED, Reason.PERMISSION_MISSING), id="without permissions"
        ),
        pytest.param("schema_drift", {}, {}, (Status.PASSED, None), id="one more attribute is required, and made up"),
        pytest.param(
            "schema_drift",
            {"change": "missing", "attribute": "text"},
            {"data": {"text": "hello"}},
            (Status.FAILED, Reason.SCHEMA),
            id="an attribute that is written is gone",
        ),
        pytest.param(
            "schema_drift",
            {"change": "size", "attribute": "text"},
            {"data": {"text": "hello"}},
            (Status.FAILED, Reason.SCHEMA),
            id="an attribute that is written holds less",
        ),
        pytest.param("schema_stuck", {}, {}, (Status.FAILED, Reason.SCHEMA), id="an attribute never became available"),
    ],
)
@both_families
async def test_names_what_was_done_to_the_collection(
    platform: Platform,
    api: str,
    fault: str,
    parameters: dict[str, object],
    settings: dict[str, object],
    expected: tuple[Status, Reason | None],
) -> None:
    platform.sandbox.faults.switch_on(fault, **parameters)

    outcome = await platform.run(guarded_delivery(**settings), api=api)

    assert verdict(outcome) == expected


async def test_fails_as_schema_when_the_configured_data_does_not_fit(platform: Platform) -> None:
    outcome = await platform.run(chat_delivery(data={"massageFor": "female"}))

    assert verdict(outcome) == (Status.FAILED, Reason.SCHEMA)


async def test_is_degraded_when_the_event_takes_longer_than_its_objective(platform: Platform) -> None:
    outcome = await platform.run(chat_delivery(objective="0.01ms"))

    assert verdict(outcome) == (Status.DEGRADED, Reason.SLOW)


def switched_on(fault: str, **parameters: object) -> Callable[[Sandbox], None]:
    return lambda sandbox: sandbox.faults.switch_on(fault, **parameters)


def blocked(user_id: str, *, fault: str = "") -> Callable[[Sandbox], None]:
    def block(sandbox: Sandbox) -> None:
        sandbox.world.accounts.users[user_id].enabled = False
        if fault:
            sandbox.faults.switch_on(fault)

    return block


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(switched_on("key_invalid"), id="the key is revoked"),
        pytest.param(switched_on("key_scope"), id="the key lacks a scope"),
        pytest.param(switched_on("key_scope", scopes=["users.write"]), id="the key may not sign anybody in"),
        pytest.param(switched_on("session_invalid"), id="sessions end at once"),
        pytest.param(blocked(seed.CUSTOMER), id="the writer is blocked"),
        # Sockets of blocked users go on; that he may not read tells nothing then.
        pytest.param(blocked(seed.THERAPIST, fault="realtime_silent"), id="the reader is blocked, and no event comes"),
        pytest.param(blocked(seed.STRANGER), id="an eavesdropper is blocked"),
    ],
)
async def test_its_own_credentials_are_no_verdict_on_the_target(
    platform: Platform, spoil: Callable[[Sandbox], None]
) -> None:
    spoil(platform.sandbox)

    outcome = await platform.run(guarded_delivery())

    assert verdict(outcome) == (Status.ERRORED, Reason.INTERNAL)


async def test_a_role_that_the_writer_does_not_hold_is_the_configurations_mistake(platform: Platform) -> None:
    outcome = await platform.run(chat_delivery(readable_by=["users", "user:synthetic-therapist"]))

    assert verdict(outcome) == (Status.ERRORED, Reason.INTERNAL)
    assert "'customer' does not hold 'user:synthetic-therapist'" in outcome.message
    assert outcome.evidence["roles"] == ("user:synthetic-therapist",)


async def test_nothing_is_written_that_could_not_be_removed(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("key_scope", scopes=["documents.write"])

    outcome = await platform.run(chat_delivery())

    assert verdict(outcome) == (Status.ERRORED, Reason.INTERNAL)
    assert "the scope documents.write" in outcome.message
    assert [step.name for step in outcome.steps] == ["prepare"]


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        pytest.param({"eavesdroppers": ["stranger"]}, Status.ERRORED, id="nobody else hears of it"),
        pytest.param({"eavesdroppers": ["stranger", "guest"]}, Status.FAILED, id="somebody else does too"),
    ],
)
async def test_an_eavesdropper_who_holds_a_role_that_may_read_is_no_leak(
    platform: Platform, settings: dict[str, object], status: Status
) -> None:
    if status is Status.FAILED:
        platform.sandbox.faults.switch_on("permission_excess", role="guests")

    outcome = await platform.run(chat_delivery(readable_by=["users/unverified"], **settings))

    assert outcome.status is status
    if status is Status.FAILED:
        assert (outcome.reason, outcome.evidence["identities"]) == (Reason.PERMISSION_EXCESS, ("guest",))
    else:
        assert "the check itself lets eavesdropper 'stranger'" in outcome.message


async def test_a_leak_stays_one_when_nobody_can_tell_the_roles(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("permission_excess", role="users")
    platform.sandbox.faults.switch_on("key_scope", scopes=["users.read"])

    outcome = await platform.run(chat_delivery(eavesdroppers=["stranger"]))

    assert verdict(outcome) == (Status.FAILED, Reason.PERMISSION_EXCESS)


@pytest.mark.parametrize(
    ("fault", "parameters"),
    [
        pytest.param("server_error", {"every": 2, "methods": "write"}, id="a later write is refused"),
        pytest.param("slow", {"seconds": 0.5, "methods": "write"}, id="the writes pass the deadline"),
        pytest.param("hang", {"every": 2, "methods": "write"}, id="a later write is not answered"),
    ],
)
async def test_what_is_public_already_is_told_whatever_becomes_of_later_writes(
    platform: Platform, fault: str, parameters: dict[str, object]
) -> None:
    platform.sandbox.faults.switch_on("permission_excess")
    platform.sandbox.faults.switch_on(fault, identity="user", **parameters)

    outcome = await platform.run(guarded_delivery(events=6, timeout="2s", event_within="1900ms"))

    assert verdict(outcome) == (Status.FAILED, Reason.PERMISSION_EXCESS)
    assert outcome.observations.events[EventResult.LEAKED] >= 2
    assert EventResult.LOST not in outcome.observations.events


async def test_what_only_rest_shows_is_told_too_when_a_later_write_is_refused(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("permission_excess")
    platform.sandbox.faults.switch_on("realtime_silent")
    platform.sandbox.faults.switch_on("server_error", every=2, identity="user", methods="write")

    outcome = await platform.run(guarded_delivery(events=3))

    assert verdict(outcome) == (Status.FAILED, Reason.PERMISSION_EXCESS)
    # For the first one's event nobody waited long enough to call it lost.
    assert outcome.observations.events == {}


async def test_a_later_write_that_is_refused_is_the_verdict_when_nothing_leaked(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("server_error", every=2, identity="user", methods="write")

    outcome = await platform.run(guarded_delivery(events=3))

    assert verdict(outcome) == (Status.FAILED, Reason.HTTP_STATUS)
    assert [step.name for step in outcome.steps if not step.passed] == ["write"]


@pytest.mark.parametrize(
    ("fault", "parameters"),
    [
        pytest.param("hang", {}, id="it is not answered"),
        pytest.param("server_error", {}, id="it is refused"),
        pytest.param("slow", {"seconds": 5.0}, id="the deadline comes first"),
    ],
)
async def test_a_reading_back_that_fails_does_not_replace_what_is_known(
    platform: Platform, fault: str, parameters: dict[str, object]
) -> None:
    platform.sandbox.faults.switch_on("realtime_silent")
    platform.sandbox.faults.switch_on(fault, identity="user", methods="read", path="/databases", **parameters)

    outcome = await platform.run(chat_delivery(event_within="300ms", timeout="1s"))

    assert verdict(outcome) == (Status.FAILED, Reason.NO_EVENT)
    assert "readable" not in outcome.evidence
    assert "document" in str(outcome.evidence["read_back"])


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        pytest.param({"event_within": "1450ms", "timeout": "1500ms"}, Reason.NO_EVENT, id="long enough to say"),
        pytest.param({"event_within": "550ms", "timeout": "600ms"}, Reason.TIMEOUT, id="too short to say"),
    ],
)
async def test_the_wait_for_an_event_leaves_time_to_say_what_is_known(
    platform: Platform, settings: dict[str, object], reason: Reason
) -> None:
    platform.sandbox.faults.switch_on("realtime_silent")

    outcome = await platform.run(guarded_delivery(**settings))

    assert verdict(outcome) == (Status.FAILED, reason)
    assert outcome.evidence["readable"] is True


@pytest.mark.parametrize(
    ("settings", "requests", "writes", "reads"),
    [
        pytest.param({"events": 3, "eavesdroppers": ["guest", "stranger"]}, 14, 6, 2, id="the example"),
        pytest.param({}, 7, 2, 0, id="one event and no eavesdropper"),
    ],
)
async def test_sends_as_much_as_its_manual_says(
    platform: Platform,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, object],
    requests: int,
    writes: int,
    reads: int,
) -> None:
    sent: list[tuple[str, int]] = []
    send = AiohttpSession.request

    async def counted(self: AiohttpSession, request: Request) -> Response:
        response = await send(self, request)
        sent.append((request.method if "/documents" in request.url else "", response.status))
        return response

    monkeypatch.setattr(AiohttpSession, "request", counted)

    await platform.run(chat_delivery(control="notifications", **settings))

    written = [status for method, status in sent if method in {"POST", "DELETE"} and status < 300]
    assert (len(sent), len(written), [method for method, _ in sent].count("GET")) == (requests, writes, reads)


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"eavesdroppers": ["login"]}, id="the writer under another name"),
        pytest.param({"eavesdroppers": ["stranger"], "readable_by": ["users"]}, id="a user, when users may read"),
        pytest.param({"eavesdroppers": ["guest"], "readable_by": ["guests"], "writer": "key"}, id="a guest likewise"),
    ],
)
async def test_an_eavesdropper_whom_the_check_itself_lets_read_is_the_configurations_mistake(
    platform: Platform, settings: dict[str, object]
) -> None:
    outcome = await platform.run(chat_delivery(**settings))

    assert verdict(outcome) == (Status.ERRORED, Reason.INTERNAL)
    assert "the check itself lets eavesdropper" in outcome.message


async def test_sockets_that_end_meanwhile_are_told_at_once(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("realtime_silent")
    check = guarded_delivery(event_within="2500ms", control="notifications")
    running = asyncio.create_task(platform.run(check))
    await until_written(platform.sandbox)

    platform.sandbox.hub.drop_all()
    outcome = await running

    assert verdict(outcome) == (Status.FAILED, Reason.CONNECTION)
    # At once, and not after the 2.5 s in which the event could come.
    assert outcome.duration_seconds < 2.0
    assert outcome.evidence["lost"] == 1
    assert outcome.steps[-1].name == "listen"


async def until_written(sandbox: Sandbox) -> None:
    async with asyncio.timeout(5.0):
        while not documents_of(sandbox):  # noqa: ASYNC110 - the sandbox tells nobody
            await asyncio.sleep(0.001)


def documents_of(sandbox: Sandbox) -> list[str]:
    """
    Return the ids of all documents that bear the monitor's mark.
    """
    database = sandbox.world.databases[sandbox.database]
    return [id_ for each in database.collections.values() for id_ in each.documents if id_.startswith(MARK)]


@pytest.mark.parametrize("fault", [None, "realtime_silent", "realtime_hang", "permission_excess"])
async def test_leaves_no_document_behind(platform: Platform, fault: str | None) -> None:
    if fault:
        platform.sandbox.faults.switch_on(fault)

    await platform.run(guarded_delivery(events=3, control="notifications", timeout="800ms"))

    database = platform.sandbox.world.databases[platform.sandbox.database]
    left = [document for collection in database.collections.values() for document in collection.documents]
    assert left == [seed.THERAPIST_DOCUMENT]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        pytest.param({"event_within": "5s", "timeout": "5s"}, "must be shorter than timeout", id="no time to look"),
        pytest.param({"reader": "customer"}, "writer and reader are both customer", id="one side only"),
        pytest.param({"late_after": "500ms"}, "shorter than event_within", id="lost before it is late"),
        pytest.param({"late_after": "90ms", "objective": "90ms"}, "longer than objective", id="late, never degraded"),
        pytest.param({"eavesdroppers": ["customer"]}, "customer is an eavesdropper", id="the writer eavesdrops"),
        pytest.param({"eavesdroppers": ["therapist"]}, "therapist is an eavesdropper", id="the reader eavesdrops"),
        pytest.param({"eavesdroppers": ["guest", "guest"]}, "guest is an eavesdropper", id="one eavesdrops twice"),
        pytest.param({"eavesdroppers": ["guest"], "readable_by": ["any"]}, "lets any read", id="everybody may read"),
        pytest.param({"control": "chat_messages"}, "name another collection", id="no other collection"),
        pytest.param({"events": 0}, "greater than or equal to 1", id="no event"),
        pytest.param({"events": 21}, "less than or equal to 20", id="too many events"),
    ],
)
async def test_refuses_what_cannot_be(settings: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        chat_delivery(**settings)


@pytest.mark.parametrize("role", ["any", "users/verified", "user:u-1", "team:pair", "team:pair/owner", "label:vip"])
async def test_takes_every_role_that_appwrite_knows(role: str) -> None:
    assert chat_delivery(readable_by=[role]).model_dump()["readable_by"] == (role,)


@pytest.mark.parametrize("role", ["everyone", "user:", "guests/verified", 'any"), update("any', ""])
async def test_refuses_what_is_no_role(role: str) -> None:
    with pytest.raises(ValidationError, match="is no role"):
        chat_delivery(readable_by=[role])


@pytest.mark.parametrize("name", ["key", "nobody-declared"])
async def test_the_configuration_refuses_an_eavesdropper_who_is_nobody_to_judge_by(tmp_path: Path, name: str) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text(
        "target: {name: t, endpoint: http://127.0.0.1:1/v1, project: p, database: d, api_key: k}\n"
        "identities: {a: {kind: guest}, b: {kind: user, user_id: b}}\n"
        "checks:\n"
        f"  chat: {{kind: realtime_delivery, collection: c, writer: b, reader: a, eavesdroppers: [{name}]}}\n"
    )

    with pytest.raises(ConfigError, match=r"checks\.chat\.eavesdroppers\[0\]|eavesdroppers"):
        load_settings(path, load_registry(), {})


@pytest.mark.parametrize(
    ("settings", "costs"),
    [
        pytest.param({}, {Limited.CREATES: 1, Limited.CONNECTS: 2}, id="one event, and the tests channel"),
        pytest.param(
            {"events": 3, "eavesdroppers": ["guest", "stranger"]},
            {Limited.CREATES: 3, Limited.CONNECTS: 4},
            id="eavesdroppers",
        ),
        pytest.param(
            {"events": 20, "eavesdroppers": ["guest"]}, {Limited.CREATES: 20, Limited.CONNECTS: 5}, id="twenty"
        ),
        pytest.param({"writer": "key", "events": 9}, {Limited.CONNECTS: 2}, id="what the key writes is not counted"),
    ],
)
async def test_costs_what_it_writes_and_every_socket(settings: dict[str, object], costs: dict[Limited, int]) -> None:
    found: tuple[Cost, ...] = chat_delivery(**settings).costs()

    assert {each.what: each.count for each in found} == costs
    assert all(each.identity == "customer" for each in found if each.what is Limited.CREATES)
