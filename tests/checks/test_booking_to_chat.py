import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from monitor.core.cost import Limited
from monitor.core.identity import User
from monitor.core.leftover import Leftover
from monitor.core.outcome import EventResult, Reason, Status
from monitor.core.run import Run
from monitor.report import as_text
from monitor.sandbox import seed
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.routing import Call
from monitor.sandbox.seed import THERAPIST_DOCUMENT
from monitor.sandbox.state.world import Collection, Document, Documents
from tests.conftest import Platform
from tests.journey.story import (
    PAIR,
    after_answer,
    change,
    counting,
    deafen,
    drop,
    holdings,
    impatient,
    is_write,
    journey,
    meddle,
    on_create,
    permit,
    verdict,
)

pytestmark = pytest.mark.asyncio

MARCH_STEPS = [
    *("sign_in", "switched_on", "find_therapist", "subscribe", "create_booking", "find_booking", "receive_booking"),
    *("open_chat", "send_message", "receive_message", "read_message", "send_reply", "receive_reply", "read_reply"),
    *("notification", "accept_booking", "see_acceptance"),
]
JANUARY_STEPS = [step for step in MARCH_STEPS if not step.endswith("_reply")]
STEPS = {"march": MARCH_STEPS, "january": JANUARY_STEPS}
CUSTOMER, THERAPIST = seed.CUSTOMER, seed.THERAPIST


def open_to_users(platform: Platform) -> None:
    for collection in ("bookings", "chat_messages", "chat_rooms", "notifications"):
        permit(platform.sandbox, collection, 'read("users")', 'update("users")')


@pytest.mark.parametrize("api", ["collections", "tables"])
@pytest.mark.parametrize(
    ("profile", "customer", "share"),
    [
        pytest.param("march", "customer", "backend", id="March, as a user"),
        pytest.param("march", "login", "backend", id="March, with a password"),
        pytest.param("march", "anonymous", "backend", id="March, anonymously"),
        pytest.param("march", "customer", [PAIR], id="March, shared by a team"),
        pytest.param("march", "customer", "nobody", id="March, open to users"),
        pytest.param("january", "guest", "backend", id="January, as a guest"),
        pytest.param("january", "customer", "backend", id="January, as a user"),
        pytest.param("january", "anonymous", "backend", id="January, anonymously"),
        pytest.param("january", "customer", [PAIR], id="January, shared by a team"),
        pytest.param("january", "guest", "nobody", id="January, open to users"),
    ],
)
async def test_passes_when_the_path_is_whole_and_leaves_nothing(
    versioned: Platform, api: str, profile: str, customer: str, share: object
) -> None:
    if share == "nobody":
        open_to_users(versioned)
    before = holdings(versioned.sandbox)

    outcome = await versioned.run(journey(profile={"like": profile, "share": share}, customer=customer), api=api)

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == STEPS[profile]
    assert set(outcome.observations.events) == {EventResult.DELIVERED}
    assert holdings(versioned.sandbox) == before


@pytest.mark.parametrize(("profile", "events"), [("march", 4), ("january", 3)])
async def test_measures_every_event_that_the_monitor_caused(platform: Platform, profile: str, events: int) -> None:
    outcome = await platform.run(journey(profile=profile))

    # Of the booking, what is written, and the answer; a guest is sent none, and the notification of March is not ours.
    assert outcome.observations.events == {EventResult.DELIVERED: events}
    assert all(0 < seconds < 0.5 for seconds in outcome.observations.delivery_seconds)


async def test_a_run_of_the_example_sends_what_the_manual_says(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    publish = platform.sandbox.hub.publish

    def note(action: str, collection: Collection, document: Document, payload: Mapping[str, object]) -> None:
        made.append(action)
        publish(action, collection, document, payload)

    monkeypatch.setattr(platform.sandbox.hub, "publish", note)

    with counting(platform.sandbox, monkeypatch) as counts:
        await platform.run(journey(write_every="2m", writes_per_hour=30))

    assert (counts.total() - counts["socket"], counts["socket"]) == (29, 2)
    assert (made.count("create"), made.count("delete")) == (5, 5)


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param("march", id="March"),
        pytest.param("january", id="January"),
        pytest.param({"like": "march", "share": [PAIR]}, id="shared by a team"),
        pytest.param({"like": "january", "chat": {"by": "backend"}}, id="a room by the backend"),
        pytest.param({"like": "march", "reply": None}, id="without an answer"),
    ],
)
async def test_costs_what_it_says(platform: Platform, profile: object) -> None:
    counted = {"create": 0, "update": 0}
    check = journey(profile=profile, customer="customer")

    def count(call: Call, answer: Answer) -> None:
        for status, action in ((201, "create"), (200, "update")):
            for collection in ("bookings", "chat_rooms", "chat_sessions", "chat_messages", "notifications"):
                is_one = is_write(call, answer, collection, status=status)
                counted[action] += is_one and call.caller.key is None

    meddle(platform.sandbox, count)
    outcome = await platform.run(check)

    said = {what: sum(cost.count for cost in check.costs() if cost.what is what) for what in Limited}
    assert outcome.status is Status.PASSED, outcome.message
    assert counted == {"create": said[Limited.CREATES], "update": said[Limited.UPDATES]}
    assert said[Limited.CONNECTS] == 2


async def test_what_a_function_answers_for_the_therapist_costs_him_nothing() -> None:
    by_function = {"function": "sendChatMessage"}
    profile = {"like": "january", "reply": {**reply_by_function(), **by_function}}

    costs = {cost.identity: cost.count for cost in journey(profile=profile).costs() if cost.what is Limited.CREATES}

    assert costs == {"guest": 2, "therapist": 0}


def reply_by_function(message: str = "{reply}") -> dict[str, Any]:
    return {
        "collection": "chat_messages",
        "function": "sendChatMessage",
        "data": {
            "senderId": "{therapist_user}",
            "recipientId": "{customer}",
            "sessionId": "{chat}",
            "message": message,
        },
        "answer": {"success": True},
        "where": {"sessionId": "{chat}"},
        "text": "text",
    }


@pytest.mark.parametrize(
    ("profile", "fault", "reason", "step", "words"),
    [
        pytest.param(
            "march",
            ("booking_unassigned", {}),
            Reason.WRONG_ANSWER,
            "find_booking",
            "see what job changes bookings",
            id="the therapist's query is empty",
        ),
        pytest.param(
            "january",
            ("booking_unassigned", {}),
            Reason.WRONG_ANSWER,
            "find_booking",
            "see what job changes bookings",
            id="the therapist's query is empty in January",
        ),
        pytest.param(
            "january",
            ("message_misfiled", {}),
            Reason.WRONG_ANSWER,
            "receive_message",
            "let both make one conversation id",
            id="a message in another conversation",
        ),
        pytest.param(
            "march",
            ("notification_missing", {}),
            Reason.NOT_FOUND,
            "notification",
            "no notification of the booking in 'notifications' 150ms after it",
            id="no notification",
        ),
        pytest.param(
            "march",
            ("schema_drift", {"collection": "bookings", "change": "enum", "attribute": "status",
                              "values": ["pending_accept", "Confirmed"]}),
            Reason.SCHEMA,
            "accept_booking",
            "what 'therapist' writes was refused: Invalid document structure: Attribute \"status\" has invalid format",
            id="accept refused by the enum",
        ),
        pytest.param(
            "january",
            ("schema_drift", {"collection": "bookings", "change": "enum", "attribute": "status",
                              "values": ["pending", "Confirmed"]}),
            Reason.SCHEMA,
            "accept_booking",
            "what 'therapist' writes was refused: Invalid document structure: Attribute \"status\" has invalid format",
            id="accept refused by the enum in January",
        ),
        pytest.param(
            "january",
            ("function_failed", {"how": "refused"}),
            Reason.WRONG_ANSWER,
            "send_message",
            "did not take the customer's message: it itself answered 400",
            id="the function refuses the text",
        ),
        pytest.param(
            "january",
            ("function_failed", {"how": "failed"}),
            Reason.WRONG_ANSWER,
            "send_message",
            "it failed with 500",
            id="the function fails",
        ),
        pytest.param(
            "january",
            ("function_failed", {"how": "denied"}),
            Reason.PERMISSION_MISSING,
            "send_message",
            "the customer may not execute function 'sendChatMessage': add a role to the function's execute",
            id="guests may not call the function",
        ),
        pytest.param(
            "january",
            ("function_failed", {"how": "missing"}),
            Reason.NOT_FOUND,
            "send_message",
            "check the id and the project",
            id="the function is gone",
        ),
        pytest.param(
            "march",
            ("chat_record_late", {}),
            Reason.NOT_FOUND,
            "open_chat",
            "no chat record of the booking in 'chat_sessions' 150ms after it",
            id="the chat record comes too late",
        ),
        pytest.param(
            "march",
            ("realtime_pipeline", {"every": 1, "collection": "bookings"}),
            Reason.NO_EVENT,
            "receive_booking",
            "neither did the customer's: see realtime and its Redis",
            id="no event of bookings",
        ),
        pytest.param(
            "january",
            ("realtime_pipeline", {"every": 1, "collection": "chat_messages"}),
            Reason.NO_EVENT,
            "receive_message",
            "though he finds it in the conversation: see realtime",
            id="no event of what a function wrote",
        ),
        pytest.param(
            "march",
            ("realtime_pipeline", {"every": 1, "collection": "notifications"}),
            Reason.NO_EVENT,
            "notification",
            "the therapist got no event of the notification within 100ms, though he can read it: see realtime",
            id="no event of the notification",
        ),
        pytest.param(
            "march",
            ("permission_missing", {"collection": "bookings", "actions": ["create"]}),
            Reason.PERMISSION_MISSING,
            "create_booking",
            "creating in 'bookings' answered 401 user_unauthorized to 'customer'",
            id="nobody may book",
        ),
        pytest.param(
            "march",
            ("permission_missing", {"collection": "bookings", "actions": ["read"]}),
            Reason.PERMISSION_MISSING,
            "find_booking",
            "list of 'bookings' answered 401 user_unauthorized to 'therapist'",
            id="nobody may read bookings",
        ),
        pytest.param(
            "march",
            ("permission_missing", {"collection": "chat_sessions", "actions": ["read"]}),
            Reason.PERMISSION_MISSING,
            "open_chat",
            "list of 'chat_sessions' answered 401 user_unauthorized to 'therapist'",
            id="nobody may read the chat record",
        ),
        pytest.param(
            "march",
            ("permission_missing", {"collection": "chat_messages", "actions": ["read"]}),
            Reason.PERMISSION_MISSING,
            "receive_message",
            "and may not read it: check the permissions of 'chat_messages' and of the document",
            id="nobody may read messages",
        ),
        pytest.param(
            "march",
            ("collection_missing", {"collection": "chat_messages"}),
            Reason.NOT_FOUND,
            "send_message",
            "creating in 'chat_messages' answered 404 collection_not_found",
            id="no messages",
        ),
        pytest.param(
            "march",
            ("collection_missing", {"collection": "therapists_collection_id"}),
            Reason.NOT_FOUND,
            "find_therapist",
            "list of 'therapists_collection_id' answered 404",
            id="no therapists",
        ),
        pytest.param(
            "march",
            ("schema_drift", {"collection": "bookings", "change": "missing", "attribute": "therapistId"}),
            Reason.SCHEMA,
            "create_booking",
            "what 'customer' writes was refused: Invalid document structure: Unknown attribute: \"therapistId\"",
            id="an attribute is gone",
        ),
    ],
)  # fmt: skip
async def test_names_the_step_the_reason_and_the_thing(
    platform: Platform, profile: str, fault: tuple[str, dict[str, object]], reason: Reason, step: str, words: str
) -> None:
    before = holdings(platform.sandbox)
    platform.sandbox.faults.switch_on(fault[0], **fault[1])

    outcome = await platform.run(
        journey(profile=impatient(profile) if profile == "march" else profile, event_within="100ms")
    )

    assert verdict(outcome) == (Status.FAILED, reason, [step])
    assert outcome.message.startswith(f"{step}: ")
    assert words in outcome.message
    assert len(outcome.message) <= 200
    assert not outcome.message.endswith("…")
    assert (
        outcome.evidence.items() >= {"step": step, "profile": "like march" if profile == "march" else profile}.items()
    )
    platform.sandbox.faults.switch_all_off()
    assert {key: value for key, value in holdings(platform.sandbox).items() if key not in before} == {}


async def test_a_function_that_never_ends_is_a_timeout(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("function_failed", how="timeout")

    outcome = await platform.run(journey(profile="january", timeout="500ms", event_within="200ms"))

    assert verdict(outcome) == (Status.FAILED, Reason.TIMEOUT, ["send_message"])


async def test_a_booking_that_a_job_ends_before_anybody_answers_is_told_with_its_age(platform: Platform) -> None:
    on_create(
        platform.sandbox, "chat_messages", lambda: change(platform.sandbox, "bookings", data={"status": "cancelled"})
    )

    outcome = await platform.run(journey())

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["accept_booking"])
    assert "accept_booking: status of the booking became 'cancelled'" in outcome.message
    assert "see what job or page ends bookings early" in outcome.message
    assert outcome.evidence["attribute"] == "status"
    assert isinstance(outcome.evidence["age_seconds"], float)


async def test_the_job_of_january_ends_what_is_pending_and_not_what_waits_for_its_therapist(
    platform: Platform,
) -> None:
    platform.sandbox.faults.switch_on("booking_expires", seconds=0)

    of_january = await platform.run(journey(profile="january"))
    of_march = await platform.run(journey())

    assert verdict(of_january) == (Status.FAILED, Reason.WRONG_ANSWER, ["find_booking"])
    assert "status of the booking was written as 'pending' and is now 'cancelled'" in of_january.message
    assert of_march.status is Status.PASSED, of_march.message


async def test_says_what_each_side_saw(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("realtime_pipeline", every=1, collection="chat_messages")

    outcome = await platform.run(journey(event_within="100ms"))

    therapist_saw = outcome.evidence["therapist_saw"]
    assert isinstance(therapist_saw, tuple)
    assert set(therapist_saw) == {"bookings.update", "notifications.create"}
    assert outcome.evidence["customer_saw"] == ("bookings.create", "bookings.update")
    assert outcome.evidence["other_heard"] is False


async def test_an_event_that_only_its_writer_gets_is_told_so(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    deafen(platform.sandbox, THERAPIST, "chat_messages", monkeypatch)

    outcome = await platform.run(journey(event_within="100ms"))

    assert verdict(outcome) == (Status.FAILED, Reason.NO_EVENT, ["receive_message"])
    assert "though he can read it; the customer's socket got it: see realtime" in outcome.message
    assert (outcome.evidence["readable"], outcome.evidence["other_heard"]) == (True, True)
    assert outcome.observations.events == {EventResult.DELIVERED: 1, EventResult.LOST: 1}


@pytest.mark.parametrize(
    ("deaf", "collection", "step", "what"),
    [
        pytest.param(CUSTOMER, "chat_messages", "receive_reply", "the message", id="of the reply"),
        pytest.param(CUSTOMER, "bookings", "see_acceptance", "the answer", id="of the answer"),
        pytest.param(THERAPIST, "bookings", "receive_booking", "the booking", id="of the booking"),
        pytest.param(THERAPIST, "notifications", "notification", "the notification", id="of the notification"),
    ],
)
async def test_an_event_that_one_side_does_not_get_fails_at_its_sentence(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, deaf: str, collection: str, step: str, what: str
) -> None:
    deafen(platform.sandbox, deaf, collection, monkeypatch)

    outcome = await platform.run(journey(event_within="100ms"))

    side = "customer" if deaf == CUSTOMER else "therapist"
    assert verdict(outcome) == (Status.FAILED, Reason.NO_EVENT, [step])
    assert f"{step}: the {side} got no event of {what} within 100ms, though he can read it" in outcome.message
    assert outcome.observations.events[EventResult.LOST] == 1


async def test_what_was_heard_of_the_booking_before_is_not_its_answer(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    receivers = platform.sandbox.hub._receivers
    monkeypatch.setattr(
        platform.sandbox.hub,
        "_receivers",
        lambda event: {} if event.payload.get("status") == "active" else receivers(event),
    )

    outcome = await platform.run(journey(event_within="100ms"))

    assert verdict(outcome) == (Status.FAILED, Reason.NO_EVENT, ["see_acceptance"])
    assert "bookings.update" in str(outcome.evidence["customer_saw"])


async def test_whoever_does_not_listen_is_no_witness(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    deafen(platform.sandbox, THERAPIST, "notifications", monkeypatch)

    outcome = await platform.run(journey(event_within="100ms"))

    assert outcome.evidence["other_heard"] is None
    assert "customer's" not in outcome.message


async def test_whoever_has_lost_his_socket_is_no_witness(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("realtime_pipeline", every=1, collection="chat_messages")
    on_create(platform.sandbox, "chat_messages", lambda: drop(platform.sandbox, CUSTOMER))

    outcome = await platform.run(journey(event_within="100ms"))

    assert verdict(outcome) == (Status.FAILED, Reason.NO_EVENT, ["receive_message"])
    assert outcome.evidence["other_heard"] is None


async def test_an_event_whose_document_cannot_be_asked_for_stayed_out_all_the_same(platform: Platform) -> None:
    def stop_reads() -> None:
        switch_on = platform.sandbox.faults.switch_on
        asyncio.get_running_loop().call_soon(lambda: switch_on("server_error", methods="read", identity="user"))

    platform.sandbox.faults.switch_on("realtime_pipeline", every=1, collection="chat_messages")
    on_create(platform.sandbox, "chat_messages", stop_reads)

    outcome = await platform.run(journey(event_within="100ms"))

    assert verdict(outcome) == (Status.FAILED, Reason.NO_EVENT, ["receive_message"])
    assert outcome.evidence["readable"] is None
    assert "though" not in outcome.message


@pytest.mark.parametrize(
    ("whose", "written", "step"),
    [
        pytest.param(THERAPIST, "chat_messages", "receive_message", id="the therapist's"),
        pytest.param(CUSTOMER, "chat_messages", "receive_reply", id="the customer's"),
    ],
)
async def test_a_socket_that_ends_in_the_middle_is_told_at_once(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, whose: str, written: str, step: str
) -> None:
    deafen(platform.sandbox, whose, written, monkeypatch)
    on_create(platform.sandbox, written, lambda: drop(platform.sandbox, whose))

    outcome = await platform.run(journey(event_within="5s"))

    assert verdict(outcome) == (Status.FAILED, Reason.CONNECTION, [step])
    assert "ended with 1006" in outcome.message
    assert outcome.duration_seconds < 2.0


async def test_a_socket_that_ends_is_told_of_what_a_function_wrote_too(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("realtime_pipeline", every=1, collection="chat_messages")

    def drop_when_run(call: Call, answer: Answer) -> None:
        if "function" in getattr(call, "path", {}):
            drop(platform.sandbox, THERAPIST)

    meddle(platform.sandbox, drop_when_run)
    outcome = await platform.run(journey(profile="january", event_within="5s"))

    assert verdict(outcome) == (Status.FAILED, Reason.CONNECTION, ["receive_message"])


async def test_a_booking_that_only_the_customer_may_read_is_a_lack_of_permission(platform: Platform) -> None:
    outcome = await platform.run(journey(profile={"like": "march", "share": "nobody"}))

    assert verdict(outcome) == (Status.FAILED, Reason.PERMISSION_MISSING, ["find_booking"])
    assert "he may not read the booking: check its permissions and those of 'bookings'" in outcome.message
    assert outcome.evidence["identity"] == "therapist"


@pytest.mark.parametrize(
    ("collection", "step", "words"),
    [
        pytest.param("chat_sessions", "open_chat", "the customer may not read the chat record", id="the chat record"),
        pytest.param("bookings", "see_acceptance", "the customer got no event of the answer", id="the booking"),
    ],
)
async def test_what_was_shared_with_the_therapist_only_is_a_lack_of_permission_of_the_customer(
    platform: Platform, collection: str, step: str, words: str
) -> None:
    only_his = tuple(f'{action}("user:{THERAPIST}")' for action in ("read", "update"))
    moment = "chat_messages" if collection == "bookings" else "bookings"

    def take(call: Call, answer: Answer) -> None:
        if is_write(call, answer, moment, status=201):
            asyncio.get_running_loop().call_soon(
                asyncio.get_running_loop().call_later,
                0.0,
                lambda: change(platform.sandbox, collection, permissions=only_his),
            )

    meddle(platform.sandbox, take)
    outcome = await platform.run(journey(event_within="100ms"))

    assert verdict(outcome) == (Status.FAILED, Reason.PERMISSION_MISSING, [step])
    assert words in outcome.message


async def test_a_chat_record_that_the_therapist_may_not_read_is_told_from_one_that_is_not_there(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = (f'read("user:{CUSTOMER}")',)
    make = platform.sandbox.hub.publish

    def take(action: str, collection: Collection, document: Document, payload: Mapping[str, object]) -> None:
        make(action, collection, document, payload)
        if collection.id == "chat_sessions" and action == "create":
            change(platform.sandbox, "chat_sessions", permissions=own)

    monkeypatch.setattr(platform.sandbox.hub, "publish", take)
    outcome = await platform.run(journey(profile=impatient()))

    assert verdict(outcome) == (Status.FAILED, Reason.PERMISSION_MISSING, ["open_chat"])
    assert "for the therapist, though there is one: check its permissions" in outcome.message


async def test_a_therapist_who_may_not_change_the_booking_cannot_accept_it(platform: Platform) -> None:
    readable = tuple(f'read("user:{user}")' for user in (CUSTOMER, THERAPIST))
    on_create(platform.sandbox, "chat_messages", lambda: change(platform.sandbox, "bookings", permissions=readable))

    outcome = await platform.run(journey())

    assert verdict(outcome) == (Status.FAILED, Reason.PERMISSION_MISSING, ["accept_booking"])
    assert "updating in 'bookings' answered 401 user_unauthorized to 'therapist'" in outcome.message


async def test_a_room_that_says_nothing_of_how_it_is_found_is_read_by_the_therapist_too(platform: Platform) -> None:
    profile = {"like": "january", "chat": {"where": None}, "share": "nobody"}
    permit(platform.sandbox, "bookings", 'read("users")', 'update("users")')

    outcome = await platform.run(journey(profile=profile))

    assert verdict(outcome) == (Status.FAILED, Reason.PERMISSION_MISSING, ["open_chat"])
    assert "the therapist may not read the chat record in 'chat_rooms', though it is there" in outcome.message


@pytest.mark.parametrize(
    ("where", "step", "words"),
    [
        pytest.param(
            {"therapistId": None, "userId": "{therapist_user}"},
            "find_booking",
            f"it demands userId = '{THERAPIST}', and the booking has '{CUSTOMER}' there: let writer and reader agree",
            id="under another attribute",
        ),
        pytest.param(
            {"paid": True},
            "find_booking",
            "it demands paid = 'True', and nobody writes it: let writer and reader agree",
            id="with a filter that nobody writes for",
        ),
        pytest.param(
            {"status": ["confirmed", "active"]},
            "find_booking",
            "it demands status one of 'confirmed, active', and the booking has 'pending_accept' there",
            id="with other statuses",
        ),
        pytest.param(
            {"responseDeadline": {"before": "{now}"}},
            "find_booking",
            "it demands responseDeadline before '20",
            id="for what is over",
        ),
        pytest.param(
            {"status": {"not": "pending_accept"}},
            "find_booking",
            "it demands status not 'pending_accept', and the booking has 'pending_accept' there",
            id="for anything else",
        ),
    ],
)
async def test_the_therapists_query_is_judged_by_what_the_booking_holds(
    platform: Platform, where: dict[str, object], step: str, words: str
) -> None:
    outcome = await platform.run(journey(profile={"like": "march", "dashboard": {"where": where}}))

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, [step])
    assert words in outcome.message
    assert len(outcome.message) <= 200
    assert outcome.evidence["attribute"] == next(key for key, value in where.items() if value is not None)


async def test_a_query_for_what_is_to_come_finds_the_booking(platform: Platform) -> None:
    where = {
        "responseDeadline": {"after": "{now}"},
        "status": ["pending", "pending_accept"],
        "durationMinutes": {"not": 1},
    }

    outcome = await platform.run(journey(profile={"like": "march", "dashboard": {"where": where}}))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


async def test_a_therapist_who_looks_in_another_collection_is_told_both(platform: Platform) -> None:
    profile = {"like": "march", "dashboard": {"collection": "bookings_collection_id"}}

    outcome = await platform.run(journey(profile=profile))

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["find_booking"])
    text = "the therapist looks in 'bookings_collection_id', the customer books in 'bookings'"
    assert text in outcome.message


async def test_a_query_that_does_not_show_what_fits_is_told(platform: Platform) -> None:
    def hide(call: Call, answer: Answer) -> None:
        body = answer.body
        if call.path.get("collection") == "bookings" and isinstance(body, dict) and "documents" in body:
            body["documents"] = []

    meddle(platform.sandbox, hide)
    outcome = await platform.run(journey())

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["find_booking"])
    assert "though it fits and he may read it: see indexes and caches of 'bookings'" in outcome.message


async def test_a_page_that_drops_the_event_is_told_by_what_it_demands(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To the database both are one text, to a page they are two.
    profile = {"like": "march", "dashboard": {"where": {"status": "PENDING_ACCEPT"}}}

    outcome = await platform.run(journey(profile=profile, event_within="100ms"))

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["receive_booking"])
    assert "the therapist's page drops the event of the booking" in outcome.message


async def test_what_changes_a_booking_beside_its_answer_is_told(platform: Platform) -> None:
    on_create(platform.sandbox, "bookings", lambda: change(platform.sandbox, "bookings", data={"durationMinutes": 60}))

    outcome = await platform.run(journey())

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["find_booking"])
    assert "durationMinutes of the booking was written as '90' and reads '60'" in outcome.message


@pytest.mark.parametrize("profile", ["march", "january"])
async def test_an_answer_that_does_not_stay_is_told(platform: Platform, profile: str) -> None:
    after_answer(platform.sandbox, lambda: change(platform.sandbox, "bookings", data={"status": "expired"}))

    outcome = await platform.run(journey(profile=profile))

    accepted = {"march": "active", "january": "confirmed"}[profile]
    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["see_acceptance"])
    assert f"status of the booking was written as '{accepted}' and reads 'expired'" in outcome.message


@pytest.mark.parametrize(("profile", "side"), [("march", "customer"), ("january", "therapist")])
async def test_a_booking_that_is_gone_after_its_answer_is_told(platform: Platform, profile: str, side: str) -> None:
    after_answer(platform.sandbox, platform.sandbox.world.collections["bookings"].documents.clear)

    outcome = await platform.run(journey(profile=profile))

    assert verdict(outcome) == (Status.FAILED, Reason.PERMISSION_MISSING, ["see_acceptance"])
    assert f"the booking is gone, or the {side} may not read it any more" in outcome.message


@pytest.mark.parametrize("profile", ["march", "january"])
async def test_a_message_whose_text_was_changed_is_not_the_one_that_was_sent(platform: Platform, profile: str) -> None:
    def rewrite(call: Call, answer: Answer) -> None:
        is_run = "function" in call.path
        if is_run or is_write(call, answer, "chat_messages", status=201):
            change(platform.sandbox, "chat_messages", data={"text": "rewritten"})

    meddle(platform.sandbox, rewrite)
    outcome = await platform.run(journey(profile={"like": profile, "share": [PAIR]}, customer="customer"))

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["read_message"])
    assert "does not find it in the conversation (1 others are there): see what changes messages" in outcome.message
    assert list(platform.sandbox.world.collections["chat_messages"].documents) == []


OWN_CHAT = {
    "like": "january",
    "message": {
        "function": None,
        "answer": None,
        "data": {"sessionId": "{chat}", "recipientId": None, "message": None, "text": "{text}"},
    },
}


@pytest.mark.parametrize(
    "profile",
    [pytest.param({"like": "march"}, id="a chat of the platform's"), pytest.param(OWN_CHAT, id="one of ours")],
)
async def test_a_message_whose_event_has_another_text_was_heard_and_is_not_found(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, profile: dict[str, object]
) -> None:
    publish = platform.sandbox.hub.publish

    def rewrite(action: str, collection: Collection, document: Document, payload: Mapping[str, object]) -> None:
        if (action, collection.id) == ("create", "chat_messages"):
            change(platform.sandbox, "chat_messages", data={"text": "rewritten"})
            payload = {**payload, "text": "rewritten"}
        publish(action, collection, document, payload)

    monkeypatch.setattr(platform.sandbox.hub, "publish", rewrite)
    outcome = await platform.run(journey(profile={**profile, "share": [PAIR]}, customer="customer"))

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["read_message"])


async def test_a_function_that_says_yes_and_writes_nothing_is_told_by_what_is_not_there(platform: Platform) -> None:
    def unwrite(call: Call, answer: Answer) -> None:
        if "function" in call.path:
            platform.sandbox.world.collections["chat_messages"].documents.clear()

    platform.sandbox.faults.switch_on("realtime_pipeline", every=1, collection="chat_messages")
    meddle(platform.sandbox, unwrite)
    outcome = await platform.run(journey(profile="january", event_within="100ms"))

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["receive_message"])
    assert "does not find it, though function 'sendChatMessage' took it: see where it writes" in outcome.message
    assert outcome.evidence.items() >= {"collection": "chat_messages", "readable": False}.items()


async def test_a_message_that_is_found_by_another_attribute_is_told_both_values(platform: Platform) -> None:
    profile = {"like": "march", "message": {"where": {"sessionId": "{booking}"}}}

    outcome = await platform.run(journey(profile=profile))

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["receive_message"])
    assert "page shows sessionId = 'synthetic-" in outcome.message
    assert outcome.evidence["attribute"] == "sessionId"
    assert len(outcome.message) <= 200


async def test_a_function_whose_answer_is_another_than_expected_leaves_no_message(platform: Platform) -> None:
    # A chat of the platform's: nothing but its text tells whose message it is.
    by_function = {**reply_by_function("{text}"), "answer": {"ok": True}}
    message = {**by_function, "data": {**by_function["data"], "text": None, "sentAt": None, "read": None}}
    before = holdings(platform.sandbox)

    outcome = await platform.run(journey(profile={"like": "march", "message": message}))

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["send_message"])
    assert "answered JSON ok: expected true, got nothing" in outcome.message
    assert holdings(platform.sandbox) == before


async def test_a_reply_that_a_function_refuses_leaves_the_message_to_be_removed(platform: Platform) -> None:
    # What the function knows the text by is missing.
    reply = reply_by_function()
    reply["data"] = {"sessionId": "{chat}", "text": "{reply}"}
    profile = {"like": "january", "reply": reply}

    outcome = await platform.run(journey(profile=profile, customer="customer"))

    assert verdict(outcome) == (Status.FAILED, Reason.WRONG_ANSWER, ["send_reply"])
    assert "did not take the therapist's message: it itself answered 400" in outcome.message
    assert outcome.evidence["answer_status"] == 400
    assert "Missing required field" in str(outcome.evidence["answer"])
    assert list(platform.sandbox.world.collections["chat_messages"].documents) == []


async def test_what_a_function_refused_is_not_looked_for(platform: Platform) -> None:
    looked_for: list[object] = []

    def note(call: Call, answer: Answer) -> None:
        if call.path.get("collection") == "chat_messages":
            looked_for.extend(call.texts("queries"))

    platform.sandbox.faults.switch_on("function_failed", how="refused")
    meddle(platform.sandbox, note)
    await platform.run(journey(profile="january"))

    # Its conversation is, since other things may be written there.
    assert any('"attribute":"sessionId"' in str(each) for each in looked_for)
    assert not [each for each in looked_for if '"attribute":"text"' in str(each)]


async def test_passes_when_both_sides_write_through_a_function(platform: Platform) -> None:
    before = holdings(platform.sandbox)

    outcome = await platform.run(
        journey(profile={"like": "january", "reply": reply_by_function()}, customer="customer")
    )

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == MARCH_STEPS
    assert holdings(platform.sandbox) == before


@pytest.mark.parametrize(
    ("count", "words"),
    [pytest.param(0, "0 documents of", id="none"), pytest.param(2, "2 documents of", id="two")],
)
async def test_a_therapist_without_a_document_of_his_own_is_told_to_be_given_one(
    platform: Platform, count: int, words: str
) -> None:
    documents = platform.sandbox.world.collections["therapists_collection_id"].documents
    (document,) = documents.values()
    documents.clear()
    documents.update({str(number): document for number in range(count)})

    outcome = await platform.run(journey())

    assert verdict(outcome) == (Status.FAILED, Reason.NOT_FOUND, ["find_therapist"])
    assert words in outcome.message
    assert "expected 1: give the test therapist one of his own" in outcome.message


async def test_a_profile_without_a_collection_of_therapists_books_his_user(platform: Platform) -> None:
    booked: list[object] = []
    on_create(
        platform.sandbox,
        "chat_rooms",
        lambda: booked.extend(
            each.data["therapistId"] for each in platform.sandbox.world.collections["bookings"].documents.values()
        ),
    )

    outcome = await platform.run(journey(profile={"like": "january", "therapist": None}))

    assert outcome.status is Status.PASSED, outcome.message
    assert booked == [THERAPIST]


async def test_two_names_of_one_user_are_the_monitors_own_fault(platform: Platform) -> None:
    platform._identities = {**platform._identities, "twin": User(user_id=platform.sandbox.customer.id)}

    outcome = await platform.run(journey(therapist="twin"))

    assert outcome.status is Status.ERRORED
    assert "'customer' and 'twin' are one user: a journey needs two" in outcome.message


async def test_test_data_is_marked_where_the_manifest_has_an_attribute_for_it(platform: Platform) -> None:
    from tests.manifests import declared_live  # noqa: PLC0415

    seen: list[object] = []
    for_each = platform.sandbox.world.collections["bookings"].documents
    on_create(platform.sandbox, "chat_messages", lambda: seen.extend(each.data["isTest"] for each in for_each.values()))

    await platform.run(journey())
    platform.manifest = await declared_live(platform)
    outcome = await platform.run(journey())

    assert outcome.status is Status.PASSED, outcome.message
    assert seen == [None, None, True, True]


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        pytest.param({"booking": {"objective": "0.1ms"}}, "step create_booking took", id="the booking"),
        pytest.param({"objectives": {"query": "0.1ms", "event": None}}, "step find_booking took", id="a query"),
        pytest.param(
            {"objectives": {"event": "0.1ms", "query": None}}, "receive_booking: the event took", id="an event"
        ),
        pytest.param({"chat": {"objective": "0.1ms"}}, "the chat record took", id="the chat record"),
        pytest.param({"message": {"objective": "0.1ms"}}, "step send_message took", id="the message"),
        pytest.param({"reply": {"objective": "0.1ms"}}, "step send_reply took", id="the reply"),
        pytest.param({"notification": {"objective": "0.1ms"}}, "the notification's event took", id="the notification"),
        pytest.param({"accept": {"objective": "0.1ms"}}, "step accept_booking took", id="the answer"),
    ],
)
async def test_what_is_slower_than_its_objective_is_degraded_and_named(
    platform: Platform, profile: dict[str, object], words: str
) -> None:
    none: dict[str, object] = {name: {"objective": None} for name in ("booking", "chat", "notification")}
    none |= {"like": "march", "share": [PAIR], "objectives": {"event": None, "query": None}}
    if "chat" in profile:
        platform.sandbox.faults.switch_on("chat_record_late", seconds=0.15)

    outcome = await platform.run(journey(profile={**none, **profile}))

    assert (outcome.status, outcome.reason) == (Status.DEGRADED, Reason.SLOW)
    assert words in outcome.message
    assert "objective 0.1ms: right, but slow" in outcome.message


async def test_the_monitors_own_notification_is_held_to_the_objective_of_events(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("realtime_late", collection="notifications", seconds=0.1)
    profile = {"like": "january", "objectives": {"event": "90ms", "query": None}}

    outcome = await platform.run(journey(profile=profile))

    assert (outcome.status, outcome.reason) == (Status.DEGRADED, Reason.SLOW)
    assert "notification: the event took" in outcome.message


@pytest.mark.slow
async def test_a_chat_that_takes_its_time_is_no_late_notification(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("realtime_late", collection="chat_messages", seconds=0.2)
    soon = {"objective": "150ms", "within": "5s"}
    profile = {"like": "march", "notification": soon, "objectives": {"event": None}}

    outcome = await platform.run(journey(profile=profile, event_within="1s"))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


@pytest.mark.slow
async def test_a_late_chat_record_is_degraded_and_one_that_never_comes_is_failed(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("chat_record_late", seconds=0.2)

    late = await platform.run(journey(profile={"like": "march", "chat": {"objective": "100ms", "within": "1s"}}))
    never = await platform.run(journey(profile={"like": "march", "chat": {"objective": "50ms", "within": "100ms"}}))

    assert (late.status, late.reason) == (Status.DEGRADED, Reason.SLOW)
    assert late.message.startswith("the chat record took 1")
    assert late.message.endswith("ms, objective 100ms: right, but slow")
    assert verdict(never) == (Status.FAILED, Reason.NOT_FOUND, ["open_chat"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seconds", "status"),
    [pytest.param(0.18, Status.PASSED, id="just before"), pytest.param(0.31, Status.DEGRADED, id="just after")],
)
async def test_the_objective_is_a_moment_at_which_the_chat_record_is_looked_for(
    platform: Platform, seconds: float, status: Status
) -> None:
    platform.sandbox.faults.switch_on("chat_record_late", seconds=seconds)
    chat = {"objective": "250ms", "within": "5s"}

    outcome = await platform.run(journey(profile={"like": "march", "share": [PAIR], "chat": chat}))

    assert outcome.status is status, outcome.message


@pytest.mark.parametrize("profile", ["march", "january"])
async def test_all_is_written_down_at_once_and_before_the_booking_is_made(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, profile: str
) -> None:
    written: list[tuple[int, int]] = []
    intend, bookings = platform.leftovers.intend, platform.sandbox.world.collections["bookings"].documents

    async def note(run: Run, leftovers: Sequence[Leftover]) -> None:
        written.append((len(leftovers), len(bookings)))
        await intend(run, leftovers)

    monkeypatch.setattr(platform.leftovers, "intend", note)
    outcome = await platform.run(journey(profile=profile))

    assert outcome.status is Status.PASSED, outcome.message
    assert written == [(5, 0)]


async def test_what_else_the_platform_writes_because_of_the_booking_is_removed_too(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, publish = holdings(platform.sandbox), platform.sandbox.hub.publish
    rooms = platform.sandbox.world.collections["chat_rooms"].documents

    def note(action: str, collection: Collection, document: Document, payload: Mapping[str, object]) -> None:
        publish(action, collection, document, payload)
        if (action, collection.id) == ("create", "bookings"):
            rooms["theirs"] = replace(document, id="theirs", data={"bookingId": document.id})

    monkeypatch.setattr(platform.sandbox.hub, "publish", note)
    kept = await platform.run(journey())
    left = set(holdings(platform.sandbox)) - set(before)
    rooms.clear()
    await platform.run(journey(profile={"like": "march", "traces": {"chat_rooms": "bookingId"}}))

    assert (kept.status, left) == (Status.PASSED, {"chat_rooms/theirs"})
    assert holdings(platform.sandbox) == before


async def test_wrong_beats_slow(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("notification_missing")
    profile = {**impatient(), "objectives": {"event": "0.1ms", "query": "0.1ms"}}

    outcome = await platform.run(journey(profile=profile))

    assert verdict(outcome) == (Status.FAILED, Reason.NOT_FOUND, ["notification"])


FLAG = {"collection": "flags", "document": "site", "attribute": "booking"}


def add_flags(platform: Platform, value: object, *permissions: str) -> None:
    sandbox = platform.sandbox
    bookings = sandbox.world.collections["bookings"]
    attribute = replace(bookings.attributes["paid"], key="booking")
    document = Document(
        id="site", sequence=1, permissions=(), created_at=sandbox.world.now(), updated_at="", data={"booking": value}
    )
    flags = replace(
        bookings,
        id="flags",
        name="flags",
        attributes={"booking": attribute},
        indexes={},
        documents=Documents(),
        permissions=permissions or ('read("any")',),
        document_security=False,
    )
    flags.documents["site"] = document
    sandbox.world.databases[sandbox.database].collections["flags"] = flags


@pytest.mark.parametrize("profile", ["march", "january"])
async def test_a_site_that_has_switched_the_flow_off_is_disabled_and_nothing_is_written(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, profile: str
) -> None:
    add_flags(platform, value=False)

    with counting(platform.sandbox, monkeypatch) as counts:
        outcome = await platform.run(journey(profile={"like": profile, "switch": FLAG}))

    assert verdict(outcome) == (Status.FAILED, Reason.DISABLED, ["switched_on"])
    assert (
        "the site has switched the flow off: booking of 'site' is False, not True: nothing is broken" in outcome.message
    )
    assert counts.keys() <= {"GET", "POST"}
    assert counts["socket"] == 0


@pytest.mark.parametrize(
    ("value", "permissions", "document"),
    [
        pytest.param(True, (), "site", id="on"),
        pytest.param(False, (), "elsewhere", id="not there"),
        pytest.param(False, ('read("team:admins")',), "site", id="not for customers"),
    ],
)
async def test_a_flow_that_is_not_known_to_be_off_is_played(
    platform: Platform, value: bool, permissions: tuple[str, ...], document: str
) -> None:
    add_flags(platform, value, *permissions)
    platform.sandbox.world.collections["flags"].document_security = True

    outcome = await platform.run(journey(profile={"like": "march", "switch": {**FLAG, "document": document}}))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


async def test_a_switch_of_another_value_is_on_at_that_value(platform: Platform) -> None:
    add_flags(platform, value=False)

    outcome = await platform.run(journey(profile={"like": "march", "switch": {**FLAG, "on": False}}))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


@pytest.mark.parametrize("observe", [False, True], ids=["playing", "observing"])
@pytest.mark.parametrize(
    ("profile", "record", "collection", "step"),
    [
        pytest.param("march", "booking", "bookings", "create_booking", id="the booking"),
        pytest.param("march", "chat", "chat_sessions", "open_chat", id="the chat record"),
        pytest.param("march", "notification", "notifications", "notification", id="the notification"),
        pytest.param("january", "chat", "chat_rooms", "open_chat", id="a room that the customer makes"),
        pytest.param("january", "notification", "notifications", "notification", id="a notification by the backend"),
    ],
)
async def test_a_missing_collection_is_disabled_where_it_is_declared_optional(
    platform: Platform, profile: str, record: str, collection: str, step: str, observe: bool
) -> None:
    platform.sandbox.faults.switch_on("collection_missing", collection=collection)

    optional = await platform.run(journey(profile={"like": profile, record: {"optional": True}}, observe_only=observe))
    needed = await platform.run(journey(profile=profile, observe_only=observe))

    step = "observe" if observe else step
    assert verdict(optional) == (Status.FAILED, Reason.DISABLED, [step])
    assert f"collection '{collection}', declared optional, is not there: the flow is switched off" in optional.message
    assert verdict(needed) == (Status.FAILED, Reason.NOT_FOUND, [step])


@pytest.mark.parametrize(
    ("fault", "step"),
    [
        pytest.param({"services": ["databases", "tablesdb"]}, "find_therapist", id="the databases"),
        pytest.param({"services": ["functions"]}, "send_message", id="functions"),
        pytest.param({"services": [], "protocols": ["rest"]}, "find_therapist", id="REST"),
    ],
)
async def test_a_service_that_is_switched_off_in_the_console_is_disabled(
    platform: Platform, fault: dict[str, object], step: str
) -> None:
    platform.sandbox.faults.switch_on("api_disabled", **fault)

    outcome = await platform.run(journey(profile="january"))

    assert verdict(outcome) == (Status.FAILED, Reason.DISABLED, [step])


OBSERVED = ["sign_in", "switched_on", "find_therapist", "subscribe", "observe"]


@pytest.mark.parametrize(
    ("profile", "requests"), [pytest.param("march", 8, id="March"), pytest.param("january", 6, id="January")]
)
async def test_a_run_that_only_observes_writes_nothing(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, profile: str, requests: int
) -> None:
    with counting(platform.sandbox, monkeypatch) as counts:
        outcome = await platform.run(journey(profile=profile, observe_only=True))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == OBSERVED
    assert "nothing was written" in as_text(outcome)
    # To sign in is to have a JWT made.
    assert (counts["socket"], counts["POST"]) == (2, 2 if profile == "march" else 1)
    assert counts.keys() == {"GET", "POST", "socket"}
    assert counts.total() - counts["socket"] == requests


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        pytest.param(("collection_missing", {"collection": "bookings"}), Reason.NOT_FOUND, id="no bookings"),
        pytest.param(("collection_missing", {"collection": "chat_sessions"}), Reason.NOT_FOUND, id="no chat records"),
        pytest.param(("collection_missing", {"collection": "chat_messages"}), Reason.NOT_FOUND, id="no messages"),
        pytest.param(("collection_missing", {"collection": "notifications"}), Reason.NOT_FOUND, id="no notifications"),
        pytest.param(
            ("permission_missing", {"collection": "notifications", "actions": ["read"]}),
            Reason.PERMISSION_MISSING,
            id="not permitted",
        ),
        pytest.param(("realtime_hang", {}), Reason.TIMEOUT, marks=pytest.mark.slow, id="sockets say nothing"),
    ],
)
async def test_a_run_that_only_observes_fails_when_a_page_could_not_be_opened(
    platform: Platform, fault: tuple[str, dict[str, object]], reason: Reason
) -> None:
    platform.sandbox.faults.switch_on(fault[0], **fault[1])

    outcome = await platform.run(
        journey(observe_only=True, timeout="1s" if reason is Reason.TIMEOUT else "10s", profile=profile_for(reason))
    )

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason)


def profile_for(reason: Reason) -> object:
    return impatient() if reason is Reason.TIMEOUT else "march"


async def test_a_socket_that_is_dead_fails_a_run_that_only_observes(platform: Platform) -> None:
    def stop(call: Call, answer: Answer) -> None:
        if isinstance(answer.body, dict) and "documents" in answer.body:
            drop(platform.sandbox, CUSTOMER)

    meddle(platform.sandbox, stop)
    outcome = await platform.run(journey(observe_only=True))

    # Who finds the therapist has no socket yet.
    assert verdict(outcome) == (Status.FAILED, Reason.CONNECTION, ["observe"])


async def test_a_slow_function_is_no_fault_of_realtime(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("slow", seconds=1.0, path="/functions")

    outcome = await platform.run(journey(profile="january", event_within="500ms"))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


async def test_a_filter_on_an_attribute_that_there_is_not_is_named(platform: Platform) -> None:
    profile = {"like": "march", "dashboard": {"where": {"expiresAt": {"after": "{now}"}}}}

    outcome = await platform.run(journey(profile=profile))

    assert verdict(outcome) == (Status.FAILED, Reason.SCHEMA, ["find_booking"])
    assert "expiresAt" in outcome.message


async def test_a_role_that_the_customer_does_not_hold_is_the_configurations_mistake(platform: Platform) -> None:
    outcome = await platform.run(journey(profile={"like": "march", "share": ["team:of-nobody"]}))

    assert outcome.status is Status.ERRORED
    assert "does not hold 'team:of-nobody'" in outcome.message


async def test_both_sides_are_heard_out_before_a_failure_says_what_they_saw(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("collection_missing", collection="chat_messages")

    outcome = await platform.run(journey(profile="march"))

    assert "bookings.update" in str(outcome.evidence["customer_saw"])


async def test_a_switch_without_its_attribute_is_the_configurations_mistake(platform: Platform) -> None:
    switch = {"collection": "therapists_collection_id", "document": THERAPIST_DOCUMENT, "attribute": "enabeld"}

    outcome = await platform.run(journey(profile={"like": "march", "switch": switch}))

    assert outcome.status is Status.ERRORED
    assert "has no attribute 'enabeld': correct switch of the profile" in outcome.message
