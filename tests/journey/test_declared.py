"""
Profiles held to the manifest before the first run.
"""

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from monitor import demo
from monitor.config import load_settings
from monitor.config.load import load_manifest
from monitor.core.errors import ConfigError
from monitor.core.manifest import DeclaredAttribute, Manifest
from monitor.journey.declared import objection_to
from monitor.journey.profiles import NAMES, ProfileSetting
from monitor.registry import load_registry
from tests.journey.test_profiles import CONFIG

MANIFEST = load_manifest(demo.CONFIG.with_name("demo.manifest.yaml"), {})


def objection(profile: object, manifest: Manifest = MANIFEST) -> str:
    found: str = objection_to(TypeAdapter(ProfileSetting).validate_python(profile), manifest)
    return found


def like_march(**changes: Any) -> dict[str, Any]:
    return {"like": "march", "name": "ours", **changes}


def declaring(collection: str, key: str, **attribute: Any) -> Manifest:
    """
    Return the manifest with another attribute *key*.
    """
    declared = MANIFEST.collections[collection]
    attributes = {**declared.attributes, key: DeclaredAttribute(**attribute)}
    changed = declared.model_copy(update={"attributes": attributes})
    return MANIFEST.model_copy(update={"collections": {**MANIFEST.collections, collection: changed}})


@pytest.mark.parametrize("name", NAMES)
def test_the_profiles_fit_the_platform_they_are_made_for(name: str) -> None:
    assert objection(name) == ""


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param(
            {"chat": {"collection": "chat_session"}},
            "chat.collection: unknown collection 'chat_session': did you mean 'chat_sessions'?, in the manifest",
            id="a record's collection",
        ),
        pytest.param(
            {"reply": {"collection": "messages"}},
            "reply.collection: unknown collection 'messages': did you mean 'chat_messages'?, in the manifest",
            id="a message's collection",
        ),
        pytest.param(
            {"dashboard": {"collection": "orders"}},
            "dashboard.collection: unknown collection 'orders'",
            id="the dashboard's collection",
        ),
        pytest.param(
            {"therapist": {"collection": "therapists"}},
            "therapist.collection: unknown collection 'therapists'",
            id="the therapists' collection",
        ),
        pytest.param(
            {"switch": {"collection": "flags", "document": "site", "attribute": "on"}},
            "switch.collection: unknown collection 'flags'",
            id="the switch's collection",
        ),
        pytest.param(
            {"traces": {"commissions": "bookingId"}},
            "traces: unknown collection 'commissions'",
            id="a trace's collection",
        ),
        pytest.param(
            {"booking": {"data": {"therapistID": "{therapist}"}}},
            "booking.data: unknown attribute 'therapistID': did you mean 'therapistId'?",
            id="an attribute that is written",
        ),
        pytest.param(
            {"booking": {"data": {"startsAt": None}}},
            "booking.data lacks 'startsAt', which the manifest requires: add it",
            id="an attribute that is not written",
        ),
        pytest.param(
            {"message": {"data": {"text": None, "senderId": "{text}"}}},
            "message.data lacks 'text', which the manifest requires: add it",
            id="a message without its text",
        ),
        pytest.param(
            {"dashboard": {"where": {"expiresAt": {"after": "{now}"}}}},
            "dashboard.where: unknown attribute 'expiresAt'",
            id="an attribute that is asked for",
        ),
        pytest.param(
            {"reply": {"text": "body"}}, "reply.where: unknown attribute 'body'", id="an attribute that holds the text"
        ),
        pytest.param(
            {"notification": {"where": {"orderId": "{booking}"}}},
            "notification.where: unknown attribute 'orderId'",
            id="an attribute that finds a record",
        ),
        pytest.param(
            {"therapist": {"where": {"email": "a"}}}, "therapist.where: unknown attribute 'email'", id="of therapists"
        ),
        pytest.param(
            {"switch": {"collection": "bookings", "document": "site", "attribute": "on"}},
            "switch.attribute: unknown attribute 'on'",
            id="of a switch",
        ),
        pytest.param(
            {"traces": {"notifications": "bookingId"}}, "traces: unknown attribute 'bookingId'", id="of a trace"
        ),
        pytest.param(
            {"accept": {"data": {"status": "accepted"}}},
            "accept.status: 'accepted' is none of pending, pending_accept, confirmed",
            id="a status to accept with",
        ),
        pytest.param(
            {"decline": {"data": {"status": "rejected"}}}, "decline.status: 'rejected' is none of", id="to decline with"
        ),
        pytest.param(
            {"expiry": {"data": {"status": "over"}, "within": "9s"}},
            "expiry.status: 'over' is none of",
            id="to end with",
        ),
        pytest.param(
            {"dashboard": {"where": {"status": ["pending", "open"]}}},
            "dashboard.where.status: 'open' is none of",
            id="one of several statuses",
        ),
        pytest.param(
            {"dashboard": {"where": {"status": {"not": "open"}}}},
            "dashboard.where.status: 'open' is none of",
            id="any status but one",
        ),
        pytest.param(
            {"booking": {"data": {"durationMinutes": "90"}}},
            "booking.data.durationMinutes: expected a number, got '90'",
            id="text for a number",
        ),
        pytest.param(
            {"booking": {"data": {"durationMinutes": True}}},
            "booking.data.durationMinutes: expected a number, got True",
            id="truth for a number",
        ),
        pytest.param(
            {"booking": {"data": {"durationMinutes": "{start}"}}},
            "booking.data.durationMinutes: expected a number, got '{start}'",
            id="a placeholder for a number",
        ),
        pytest.param(
            {"booking": {"data": {"durationMinutes": -1}}}, "booking.data.durationMinutes: -1 is below 0", id="too few"
        ),
        pytest.param(
            {"booking": {"data": {"durationMinutes": 100_001}}},
            "booking.data.durationMinutes: 100001 is above 100000",
            id="too many",
        ),
        pytest.param(
            {"booking": {"data": {"paid": "no"}}},
            "booking.data.paid: expected true or false, got 'no'",
            id="text for a truth",
        ),
        pytest.param(
            {"booking": {"data": {"userId": 7}}},
            "booking.data.userId: expected text, got 7: put it in quotes",
            id="number for text",
        ),
        pytest.param(
            {"booking": {"data": {"userId": 37 * "x"}}},
            f"booking.data.userId: '{37 * 'x'}' is 37 characters long, and the manifest holds 36",
            id="too long a text",
        ),
        pytest.param(
            {"booking": {"data": {"userId": "{customer}_{booking}"}}},
            "booking.data.userId: '{customer}_{booking}' is 38 characters long, and the manifest holds 36",
            id="too long with what is filled in",
        ),
        pytest.param(
            {"booking": {"data": {"startsAt": "tomorrow"}}},
            "booking.data.startsAt: expected a time such as 2026-01-23T09:30:00Z, got 'tomorrow'",
            id="no time",
        ),
    ],
)
def test_says_what_the_manifest_would_refuse(changes: dict[str, Any], problem: str) -> None:
    found = objection(like_march(**changes))

    assert found.startswith("profile 'ours': ")
    assert problem in found


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"booking": {"data": {"startsAt": "2026-01-23T09:30:00Z"}}}, id="a time"),
        pytest.param({"booking": {"data": {"userId": 36 * "x"}}}, id="a text that just fits"),
        pytest.param({"booking": {"data": {"durationMinutes": 0, "paid": True}}}, id="a number and a truth"),
        pytest.param({"dashboard": {"where": {"$createdAt": {"before": "{deadline}"}}}}, id="Appwrite's own attribute"),
        pytest.param({"notification": {"data": {"whatever": 1}}}, id="what the platform writes"),
        pytest.param({"message": {"function": "send", "data": {"whatever": 1}}}, id="what a function is given"),
        pytest.param({"chat": {"collection": "chat_records", "optional": True}}, id="an optional collection"),
        pytest.param({"traces": {"notifications": "relatedId"}}, id="a trace"),
    ],
)
def test_lets_through_what_fits(changes: dict[str, Any]) -> None:
    assert objection(like_march(**changes)) == ""


@pytest.mark.parametrize(
    ("attribute", "value", "problem"),
    [
        pytest.param({"type": "double", "min": 0.5}, 0.25, "0.25 is below 0.5", id="a fraction"),
        pytest.param({"type": "double", "max": 1}, 1.5, "1.5 is above 1", id="too large a fraction"),
        pytest.param({"type": "bigint"}, "1", "expected a number", id="a large number"),
        pytest.param({"type": "email"}, 1, "expected text", id="an address"),
        pytest.param({"type": "string", "size": 9, "array": True}, ["0123456789"], "", id="a list is left to the run"),
        pytest.param({"type": "point"}, [1, 2], "", id="a point is left to the run"),
        pytest.param({"type": "text"}, 99 * "x", "", id="a text of any size"),
    ],
)
def test_judges_every_type_of_attribute(attribute: dict[str, Any], value: object, problem: str) -> None:
    manifest = declaring("bookings", "extra", **attribute)

    found = objection(like_march(booking={"data": {"extra": value}}), manifest)

    assert (problem in found) if problem else found == ""


def test_tells_everything_at_once_and_nothing_twice() -> None:
    changes = {
        "accept": {"data": {"status": "accepted"}},
        "booking": {"data": {"prise": 7}},
        "reply": {"data": {"sentAt": "now"}},
    }

    found = objection(like_march(**changes))

    assert [part for part in ("accepted", "'prise'", "'now'") if found.count(part) == 1] == [
        "accepted",
        "'prise'",
        "'now'",
    ]
    assert found.count("; ") == 2


def test_a_platform_that_declares_other_collections_is_another_profiles() -> None:
    found = objection("march", Manifest(database="main", collections={}))

    missing = ("bookings", "chat_sessions", "notifications", "chat_messages", "therapists_collection_id")
    assert all(f"unknown collection '{each}': there are none" in found for each in missing)


def test_the_configuration_tells_it_at_the_check_before_anything_runs(tmp_path: Path) -> None:
    path = tmp_path / "monitor.yaml"
    path.write_text(
        CONFIG.replace("checks:", f"manifest: {demo.CONFIG.with_name('demo.manifest.yaml')}\nchecks:").replace(
            "database: main", f"database: {MANIFEST.database}"
        )
        + "    profile: {like: march, accept: {data: {status: accepted}}}\n"
    )

    with pytest.raises(ConfigError) as refusal:
        load_settings(path, load_registry(), {})

    [problem] = refusal.value.problems
    assert problem.startswith(f"{path}:8:3: checks.flow: profile 'like march': accept.status: 'accepted' is none of")
