import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.access.canary import Canary
from monitor.config import load_settings
from monitor.core.check import Check
from monitor.core.cost import Cost, Limited
from monitor.core.errors import ConfigError, OwnFault
from monitor.core.leftover import MARK
from monitor.core.manifest import Manifest
from monitor.core.outcome import CellState, Outcome, Reason, Status
from monitor.registry import load_registry
from monitor.sandbox.realtime.endpoint import Realtime
from monitor.sandbox.realtime.handshake import Admission
from monitor.sandbox.state.world import Collection, Document
from tests.checks.platforms import by_key, platform_of
from tests.conftest import Platform, check_of

pytestmark = pytest.mark.asyncio

PEOPLE = ("guest", "customer", "therapist", "stranger")
WAYS = ("rest", "realtime")
ACTIONS = ("create", "read", "update", "delete")
# As the sandbox is seeded: users create, guests only bookings; documents say the rest.
PRIVATE = {"guest": [], "customer": ["create"], "therapist": ["create"], "stranger": ["create"]}
OPEN = {name: ["read"] if name == "guest" else ["read", "create"] for name in PEOPLE}
BOOKABLE = {name: ["create"] for name in PEOPLE}
FEW = {"bookings": BOOKABLE, "chat_messages": PRIVATE, "therapists_collection_id": OPEN}
SEEDED = FEW | {"chat_sessions": PRIVATE, "notifications": PRIVATE}
# Where events do not come, for those that wait for them.
SOON = "300ms"
# A collection with a permission for each action, and who may by it.
REFERENCE = (
    'create("users")',
    'read("team:synthetic-pair")',
    'update("team:synthetic-pair")',
    'delete("user:synthetic-therapist")',
)
MAY = {
    "guest": [],
    "stranger": ["create"],
    "customer": ["create", "read", "update"],
    "therapist": ["create", "read", "update", "delete"],
}


def matrix(access: Mapping[str, Any] | None = None, **settings: Any) -> Check:
    return check_of(
        "permission_matrix",
        **{
            "identities": PEOPLE,
            "access": {"chat_messages": PRIVATE} if access is None else access,
            "event_within": "2s",
            "quiet": "100ms",
            "timeout": "10s",
            **settings,
        },
    )


async def run_declared(
    platform: Platform, check: Check, *, api: str = "collections", declared: Mapping[str, object] | None = None
) -> Outcome:
    """
    Run *check* by a manifest with the collections *declared*, if any, speaking the family *api*.
    """
    platform.manifest = Manifest.model_validate({"collections": declared}) if declared else None
    return await platform.run(check, api=api)


def collection_of(platform: Platform, id_: str = "chat_messages") -> Collection:
    return platform.sandbox.world.databases[platform.sandbox.database].collections[id_]


def only_a_mark(collection: Collection) -> None:
    """
    Leave *collection* nothing but what marks test data, which no update changes.
    """
    collection.attributes = {"isTest": replace(collection.attributes["read"], key="isTest")}


def block(platform: Platform, user_id: str) -> None:
    platform.sandbox.world.accounts.users[user_id].enabled = False


def leftovers(platform: Platform) -> list[str]:
    return [id_ for each in platform.sandbox.world.collections.values() for id_ in each.documents if MARK in id_]


def cells(outcome: Outcome, state: str) -> set[str]:
    found = outcome.evidence[state]
    assert isinstance(found, tuple)
    return {str(cell) for cell in found}


def expected_cells(identities: Sequence[str], action: str) -> set[str]:
    ways = WAYS if action == "read" else ("rest",)
    return {f"{name}: {action} chat_messages over {way}" for name in identities for way in ways}


def apply_change(platform: Platform, outcome: Outcome) -> None:
    """
    Do to the collections what the evidence says.
    """
    change = outcome.evidence["change"]
    assert isinstance(change, tuple)
    for line in change:
        found = re.fullmatch(r"(\w+): (add|remove) (.+)", str(line))
        assert found, line
        collection = collection_of(platform, found[1])
        kept = [each for each in collection.permissions if each != found[3]]
        collection.permissions = tuple([*kept, found[3]] if found[2] == "add" else kept)


async def test_passes_on_the_seeded_platform_and_leaves_nothing(platform: Platform) -> None:
    outcome = await platform.run(matrix(SEEDED))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert outcome.observations.permission_cells == {
        CellState.RIGHT: 5 * len(PEOPLE) * 5,
        CellState.MISSING: 0,
        CellState.EXCESS: 0,
    }
    assert [step.name for step in outcome.steps] == ["prepare", "rest", "realtime", "judge"]
    assert leftovers(platform) == []


@pytest.mark.parametrize("profile", ["1.8", "1.9"])
@pytest.mark.parametrize("api", ["collections", "tables"])
async def test_works_on_both_families_of_both_versions(profile: str, api: str) -> None:
    async with platform_of(profile=profile) as platform:
        faults = platform.sandbox.faults

        healthy = await run_declared(platform, matrix(FEW), api=api)
        faults.switch_on("permission_excess", actions=["delete", "read"], role="users")
        open_ = await run_declared(platform, matrix(FEW), api=api)
        faults.switch_on("permission_missing")
        faults.switch_off("permission_excess")
        shut = await run_declared(platform, matrix(FEW), api=api)

        assert (healthy.status, healthy.message) == (Status.PASSED, "")
        users = ("customer", "therapist", "stranger")
        assert cells(open_, "excess") == expected_cells(users, "delete") | expected_cells(users, "read")
        assert (shut.reason, cells(shut, "missing")) == (Reason.PERMISSION_MISSING, expected_cells(users, "create"))
        assert leftovers(platform) == []


@pytest.fixture
def reference(platform: Platform) -> Platform:
    collection_of(platform).permissions = REFERENCE
    return platform


@pytest.mark.parametrize("security", [True, False], ids=["documents count", "documents do not count"])
async def test_passes_on_the_reference_collection(reference: Platform, security: bool) -> None:
    collection_of(reference).document_security = security

    outcome = await reference.run(matrix({"chat_messages": MAY}))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert leftovers(reference) == []


@pytest.mark.parametrize("security", [True, False], ids=["documents count", "documents do not count"])
@pytest.mark.parametrize("removed", REFERENCE)
async def test_names_every_cell_that_a_removed_permission_takes_and_the_change_that_gives_it_back(
    reference: Platform, removed: str, security: bool
) -> None:
    collection = collection_of(reference)
    collection.document_security = security
    collection.permissions = tuple(each for each in REFERENCE if each != removed)

    action = removed.partition("(")[0]
    soon = {"event_within": SOON} if action == "read" else {}

    outcome = await reference.run(matrix({"chat_messages": MAY}, **soon))
    apply_change(reference, outcome)
    repaired = await reference.run(matrix({"chat_messages": MAY}))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PERMISSION_MISSING)
    assert cells(outcome, "missing") == expected_cells([name for name in PEOPLE if action in MAY[name]], action)
    assert outcome.evidence["change"] == (f"chat_messages: add {removed}",)
    assert set(collection.permissions) == set(REFERENCE)
    assert repaired.status is Status.PASSED


@pytest.mark.parametrize("role", ["any", "guests", "users", "team:synthetic-pair", "user:synthetic-stranger"])
@pytest.mark.parametrize("action", ACTIONS)
async def test_names_every_cell_that_an_added_permission_opens_and_the_change_that_shuts_it(
    reference: Platform, action: str, role: str
) -> None:
    holders = {
        "any": PEOPLE,
        "guests": ["guest"],
        "users": ["customer", "therapist", "stranger"],
        "team:synthetic-pair": ["customer", "therapist"],
        "user:synthetic-stranger": ["stranger"],
    }[role]
    opened = [name for name in holders if action not in MAY[name]]
    added = f'{action}("{role}")'
    collection_of(reference).permissions = tuple(dict.fromkeys((*REFERENCE, added)))

    outcome = await reference.run(matrix({"chat_messages": MAY}))

    if opened:
        assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PERMISSION_EXCESS)
        assert cells(outcome, "excess") == expected_cells(opened, action)
        assert cells(outcome, "missing") == set()
        assert outcome.evidence["change"] == (f"chat_messages: remove {added}",)
        assert f"remove {added}" in outcome.message
    else:
        assert outcome.status is Status.PASSED
    assert leftovers(reference) == []


async def test_a_permission_that_opens_too_much_is_replaced_not_only_removed(reference: Platform) -> None:
    collection_of(reference).permissions = ('read("any")', *(each for each in REFERENCE if "read" not in each))

    outcome = await reference.run(matrix({"chat_messages": MAY}))
    apply_change(reference, outcome)

    assert outcome.reason is Reason.PERMISSION_EXCESS
    assert set(collection_of(reference).permissions) == set(REFERENCE)


@pytest.mark.parametrize("by_hand", [False, True], ids=["fault", "changed in the console"])
async def test_the_remedy_of_the_incident_report_is_excess_within_one_round(platform: Platform, by_hand: bool) -> None:
    if by_hand:
        permissions = ['create("users")', 'read("any")', 'create("any")']
        path = f"/databases/{platform.sandbox.database}/collections/chat_messages"
        await by_key(platform, "PUT", path, name="Chat", permissions=permissions, documentSecurity=True)
    else:
        platform.sandbox.faults.switch_on("permission_excess", actions=["read", "create"])

    outcome = await platform.run(matrix(FEW))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PERMISSION_EXCESS)
    assert "Any: read on chat_messages publishes every document" in outcome.message
    assert outcome.evidence["change"] == (
        'chat_messages: remove read("any")',
        'chat_messages: remove create("any")',
    )
    assert cells(outcome, "excess") == expected_cells(PEOPLE, "read") | expected_cells(["guest"], "create")


@pytest.mark.parametrize(
    ("fault", "settings", "status", "reason"),
    [
        ("permission_missing", {}, Status.FAILED, Reason.PERMISSION_MISSING),
        ("permission_missing", {"actions": ["create"]}, Status.FAILED, Reason.PERMISSION_MISSING),
        *(
            pytest.param(
                "permission_excess",
                {"actions": [action], "role": role},
                Status.FAILED,
                Reason.PERMISSION_EXCESS,
                id=f"permission_excess-{action}-{role}",
            )
            for action in ACTIONS
            for role in ("any", "guests", "users")
            if (action, role) != ("create", "users")
        ),
        ("collection_missing", {}, Status.FAILED, Reason.NOT_FOUND),
        ("collection_disabled", {}, Status.FAILED, Reason.NOT_FOUND),
        ("collection_id_mismatch", {}, Status.FAILED, Reason.NOT_FOUND),
        ("database_missing", {}, Status.FAILED, Reason.NOT_FOUND),
        ("database_missing", {"how": "disabled"}, Status.FAILED, Reason.NOT_FOUND),
        ("schema_drift", {}, Status.PASSED, None),
        ("schema_drift", {"change": "size", "attribute": "text"}, Status.PASSED, None),
        ("schema_drift", {"change": "type", "attribute": "text"}, Status.PASSED, None),
        ("schema_stuck", {}, Status.FAILED, Reason.SCHEMA),
        ("realtime_silent", {}, Status.FAILED, Reason.NO_EVENT),
        (
            "realtime_pipeline",
            {"every": 1, "collection": "therapists_collection_id"},
            Status.FAILED,
            Reason.NO_EVENT,
        ),
        ("realtime_refused", {}, Status.FAILED, Reason.HTTP_STATUS),
        ("realtime_refused", {"how": "frame"}, Status.FAILED, Reason.WRONG_ANSWER),
        ("realtime_hang", {}, Status.FAILED, Reason.TIMEOUT),
        ("rate_limited", {}, Status.FAILED, Reason.RATE_LIMITED),
        ("api_disabled", {}, Status.FAILED, Reason.DISABLED),
        ("quota", {}, Status.FAILED, Reason.QUOTA),
        ("key_invalid", {}, Status.ERRORED, Reason.INTERNAL),
        ("key_scope", {}, Status.ERRORED, Reason.INTERNAL),
        ("session_invalid", {}, Status.ERRORED, Reason.INTERNAL),
    ],
)
async def test_names_what_was_done_to_the_platform(
    platform: Platform, fault: str, settings: dict[str, object], status: Status, reason: Reason | None
) -> None:
    platform.sandbox.faults.switch_on(fault, **settings)

    outcome = await platform.run(matrix(FEW, event_within=SOON, timeout="2s"))
    platform.sandbox.faults.switch_off(fault)

    assert (outcome.status, outcome.reason) == (status, reason), outcome.message
    assert leftovers(platform) == []


async def test_tells_a_disabled_collection_from_one_that_is_gone(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("collection_disabled")

    outcome = await platform.run(matrix())

    assert outcome.evidence["enabled"] is False
    assert "enable it in the console" in outcome.message


async def test_a_refusal_that_is_no_verdict_counts_no_cell(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("rate_limited")

    outcome = await platform.run(matrix(FEW))

    assert outcome.observations.permission_cells == {}


async def test_a_collection_that_cannot_be_judged_hides_no_leak_in_another(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("collection_missing", collection="bookings")
    platform.sandbox.faults.switch_on("permission_excess", collection="chat_messages")

    outcome = await platform.run(matrix(FEW))

    assert (outcome.reason, outcome.evidence["collection"]) == (Reason.PERMISSION_EXCESS, "chat_messages")


@pytest.mark.parametrize("order", [("notifications", "bookings"), ("bookings", "notifications")])
async def test_a_document_that_cannot_change_hides_no_leak_in_another_collection(
    platform: Platform, order: Sequence[str]
) -> None:
    only_a_mark(collection_of(platform, "notifications"))
    collection_of(platform, "bookings").permissions += ('read("any")',)

    outcome = await platform.run(matrix({each: SEEDED[each] for each in order}))

    assert outcome.reason is Reason.PERMISSION_EXCESS
    assert cells(outcome, "excess") == {f"{name}: read bookings over {way}" for name in PEOPLE for way in WAYS}


async def test_a_document_that_cannot_change_shows_who_reads_it_all_the_same(platform: Platform) -> None:
    only_a_mark(collection_of(platform))
    healthy = await platform.run(matrix())
    platform.sandbox.faults.switch_on("permission_excess", actions=["read", "delete"], role="users")

    leaking = await platform.run(matrix())

    assert (healthy.status, healthy.evidence["missing"]) == (Status.ERRORED, ())
    assert cells(leaking, "excess") == {
        f"{name}: {action} chat_messages over rest" for name in PEOPLE[1:] for action in ("read", "delete")
    }
    assert leftovers(platform) == []


async def test_one_who_is_refused_hides_no_leak_from_the_others(platform: Platform) -> None:
    block(platform, platform.sandbox.customer.id)
    healthy = await platform.run(matrix(FEW))
    platform.sandbox.faults.switch_on("permission_excess", collection="chat_messages")

    leaking = await platform.run(matrix(FEW))

    assert healthy.status is Status.ERRORED
    assert healthy.observations.permission_cells[CellState.RIGHT] == 3 * 3 * 5
    assert "unblock this test user" in healthy.message
    assert (leaking.status, leaking.reason) == (Status.FAILED, Reason.PERMISSION_EXCESS)
    assert "guest: read chat_messages over rest" in cells(leaking, "excess")
    assert "unblock this test user" in str(leaking.evidence["obstacles"])


async def test_a_write_that_the_server_fails_at_hides_no_leak_of_reading(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("server_error", identity="user", methods="write")
    healthy = await platform.run(matrix())
    collection_of(platform).permissions += ('read("users")',)

    leaking = await platform.run(matrix())

    assert (healthy.status, healthy.reason) == (Status.FAILED, Reason.HTTP_STATUS)
    assert cells(leaking, "excess") == {f"{name}: read chat_messages over {way}" for name in PEOPLE[1:] for way in WAYS}


async def test_a_canary_that_cannot_be_made_again_hides_not_who_deleted_it(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(canary: Canary) -> None:
        if canary.collection.id in restored:
            raise OwnFault("cannot be made again", collection=canary.collection.id)
        restored.add(canary.collection.id)
        await restore(canary)

    restore, restored = Canary.restore, set[str]()
    monkeypatch.setattr(Canary, "restore", fail)
    platform.sandbox.faults.switch_on("permission_excess", actions=["delete"], role="guests")

    outcome = await platform.run(matrix())

    assert "guest: delete chat_messages over rest" in cells(outcome, "excess")
    assert "cannot be made again" in str(outcome.evidence["obstacles"])


async def test_a_canary_that_cannot_be_changed_any_more_keeps_nobody_from_hearing_of_the_others(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(canary: Canary) -> None:
        if canary.collection.id == "bookings":
            raise OwnFault("was removed", collection="bookings")
        await touch(canary)

    touch = Canary.touch
    monkeypatch.setattr(Canary, "touch", fail)
    platform.sandbox.faults.switch_on("permission_excess", collection="chat_messages")

    outcome = await platform.run(matrix(FEW))

    assert "guest: read chat_messages over realtime" in cells(outcome, "excess")


async def test_a_fault_of_the_monitor_is_told_before_what_is_missing(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_canary: Canary) -> None:
        raise OwnFault("no file descriptor is left")

    monkeypatch.setattr(Canary, "touch", fail)
    platform.sandbox.faults.switch_on("permission_missing")

    outcome = await platform.run(matrix())

    assert (outcome.status, outcome.message) == (Status.ERRORED, "no file descriptor is left")
    assert cells(outcome, "missing") == expected_cells(PEOPLE[1:], "create")


async def test_one_who_is_not_there_is_told_after_what_the_others_may(platform: Platform) -> None:
    access: dict[str, dict[str, list[str]]] = {"chat_messages": {"nobody": [], "guest": []}}
    platform.sandbox.faults.switch_on("permission_excess")

    outcome = await platform.run(matrix(access, identities=["nobody", "guest"]))

    assert cells(outcome, "excess") == {f"guest: read chat_messages over {way}" for way in WAYS}


async def test_an_update_that_changes_nothing_is_not_taken_for_one(platform: Platform) -> None:
    # Whose default is the first value that comes to mind; and Appwrite takes such an update for a read.
    collection = collection_of(platform)
    flag = replace(collection.attributes["read"], default=False)
    number = replace(collection_of(platform, "notifications").attributes["priority"], required=True)
    collection.attributes, collection.permissions = {"read": flag, "priority": number}, ('read("any")',)

    outcome = await platform.run(
        matrix({"chat_messages": {name: ["read"] for name in PEOPLE}}, data={"chat_messages": {}})
    )

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


@pytest.mark.parametrize(
    ("permissions", "reason"),
    [
        pytest.param(('create("users")', 'read("any")'), Reason.TIMEOUT, id="nothing found over REST"),
        pytest.param(('read("any")',), Reason.PERMISSION_MISSING, id="missing"),
        pytest.param(('create("any")', 'read("any")'), Reason.PERMISSION_EXCESS, id="excess"),
    ],
)
async def test_waits_for_events_no_longer_than_leaves_time_to_tell_what_was_found(
    platform: Platform, permissions: tuple[str, ...], reason: Reason
) -> None:
    collection_of(platform).permissions = permissions
    platform.sandbox.faults.switch_on("realtime_silent")
    # The configuration refuses that much waiting; a server that is slow has the same effect.
    check = matrix({"chat_messages": OPEN}).model_copy(update={"timeout_seconds": 2.5, "event_within_seconds": 9.0})

    outcome = await platform.run(check)

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason), outcome.message
    assert outcome.duration_seconds < 2.4
    assert "of 9s to wait for events" in str(outcome.evidence["cut_short"])


async def test_a_realtime_that_hangs_hides_nothing_that_rest_has_found(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("realtime_hang")
    collection_of(platform).permissions = ()

    outcome = await platform.run(matrix(timeout="2s", event_within=SOON))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PERMISSION_MISSING)
    assert "realtime" in str(outcome.evidence["cut_short"])


async def test_what_was_heard_before_a_socket_ended_is_told(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = platform.sandbox.hub.publish

    def publish_and_drop(
        action: str, collection: Collection, document: Document, payload: Mapping[str, object]
    ) -> None:
        publish(action, replace(collection, permissions=('read("guests")',)), document, payload)
        if action == "update":
            asyncio.get_running_loop().call_later(0.05, platform.sandbox.hub.drop_all)

    monkeypatch.setattr(platform.sandbox.hub, "publish", publish_and_drop)

    outcome = await platform.run(matrix(quiet="500ms"))

    assert outcome.reason is Reason.PERMISSION_EXCESS
    assert cells(outcome, "excess") == {"guest: read chat_messages over realtime"}
    assert "ended with 1006" in str(outcome.evidence["cut_short"])


async def test_a_dead_realtime_hides_no_leak_over_rest(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("realtime_refused")
    platform.sandbox.faults.switch_on("permission_excess", collection="chat_messages")

    outcome = await platform.run(matrix(FEW))

    assert (outcome.reason, outcome.evidence["way"]) == (Reason.PERMISSION_EXCESS, "rest")


async def test_finds_what_realtime_shows_though_rest_does_not(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = platform.sandbox.hub.publish

    def publish_to_all(action: str, collection: Collection, document: Document, payload: Mapping[str, object]) -> None:
        publish(action, replace(collection, permissions=('read("guests")',)), document, payload)

    monkeypatch.setattr(platform.sandbox.hub, "publish", publish_to_all)

    outcome = await platform.run(matrix())

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PERMISSION_EXCESS)
    assert cells(outcome, "excess") == {"guest: read chat_messages over realtime"}
    assert outcome.message.startswith("'guest' receives the events of 'chat_messages', must not (1 of 20 cells")
    assert "granted as it must be" in str(outcome.evidence["change"])


async def test_a_user_whom_realtime_takes_for_a_guest_is_no_matter_of_permissions(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = Realtime._connected

    def greet_a_guest(realtime: Realtime, admission: Admission) -> str:
        return connected(realtime, replace(admission, caller=replace(admission.caller, user=None)))

    monkeypatch.setattr(Realtime, "_connected", greet_a_guest)

    outcome = await platform.run(matrix())

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.UNAUTHORIZED)
    assert "realtime takes 'customer' for a guest" in outcome.message
    # Over realtime nobody but the guest is judged.
    assert outcome.observations.permission_cells[CellState.RIGHT] == 4 * len(PEOPLE) + 1


async def test_names_the_wrong_cells_also_when_the_key_may_not_ask_for_roles(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("permission_excess")
    platform.sandbox.faults.switch_on("key_scope", scopes=["users.read"])

    outcome = await platform.run(matrix())

    assert (outcome.reason, outcome.evidence["change"]) == (Reason.PERMISSION_EXCESS, ())
    assert "users.read" in str(outcome.evidence["no_remedy"])


def publish_a_document(platform: Platform, collection: str) -> None:
    documents = collection_of(platform, collection).documents
    data: dict[str, object] = {"userId": "somebody"}
    private = Document(id="a", sequence=1, permissions=('read("users")',), created_at="", updated_at="", data=data)
    documents["private"] = replace(private, id="private")
    documents["open"] = replace(private, id="open", permissions=('read("any")', 'update("user:x")'))


async def test_finds_a_document_that_its_own_permissions_publish(platform: Platform) -> None:
    publish_a_document(platform, "bookings")

    outcome = await platform.run(matrix(FEW))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PERMISSION_EXCESS)
    assert cells(outcome, "excess") == {f"{name}: read bookings over rest" for name in PEOPLE}
    assert outcome.evidence["public"] == ("bookings/open", "bookings/private")
    assert "document open of bookings publishes itself" in outcome.message


@pytest.mark.parametrize("api", ["collections", "tables"])
@pytest.mark.parametrize("role", ["any", "users", "users/unverified", "guests"])
async def test_finds_a_document_that_shows_itself_to_whoever_signs_up(platform: Platform, role: str, api: str) -> None:
    publish_a_document(platform, "bookings")
    documents = collection_of(platform, "bookings").documents
    del documents["private"]
    documents["open"] = replace(documents["open"], permissions=(f'read("{role}")', 'read("user:x")'))

    outcome = await run_declared(platform, matrix(FEW), api=api)

    shown_to = {"any": PEOPLE, "guests": PEOPLE[:1]}.get(role, PEOPLE[1:])
    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PERMISSION_EXCESS)
    assert cells(outcome, "excess") == {f"{name}: read bookings over rest" for name in shown_to}
    assert outcome.evidence["change"] == (f'bookings: take read("{role}") off document open itself',)


async def test_a_document_that_is_shared_with_somebody_is_not_public(platform: Platform) -> None:
    publish_a_document(platform, "bookings")
    documents = collection_of(platform, "bookings").documents
    del documents["open"]
    shared = ('read("user:synthetic-customer")', 'read("team:synthetic-pair")')
    documents["private"] = replace(documents["private"], permissions=shared)

    outcome = await platform.run(matrix(FEW))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


async def test_many_large_public_documents_are_not_too_much_to_be_looked_at(platform: Platform) -> None:
    publish_a_document(platform, "bookings")
    documents = collection_of(platform, "bookings").documents
    large = replace(documents["open"], data={"userId": "x" * 100_000})
    documents.update({f"large{number}": replace(large, id=f"large{number}") for number in range(25)})

    outcome = await platform.run(matrix(FEW))

    assert outcome.reason is Reason.PERMISSION_EXCESS
    assert "and 26 more" in str(outcome.evidence["change"])


async def test_does_not_look_into_what_guests_may_read_anyway(platform: Platform) -> None:
    collection_of(platform, "therapists_collection_id").document_security = True

    outcome = await platform.run(matrix(FEW))

    assert (outcome.status, outcome.evidence["public"]) == (Status.PASSED, ())


async def test_lets_documents_publish_themselves_where_they_may(platform: Platform) -> None:
    publish_a_document(platform, "bookings")

    outcome = await platform.run(matrix(FEW, public_documents=["bookings"]))

    assert outcome.status is Status.PASSED


async def test_what_the_manifest_says_is_expected_where_no_table_does(platform: Platform) -> None:
    declared: dict[str, dict[str, object]] = {
        # From the permissions and the roles that each holds.
        "notifications": {"permissions": ['create("users")']},
        # As somebody wrote it down.
        "chat_messages": {"permissions": ['read("any")'], "access": PRIVATE},
        "old": {"enabled": False},
    }
    check = matrix({}, identities=[*PEOPLE, "login", "anonymous"])
    platform.sandbox.faults.switch_on("permission_missing", collection="notifications")

    wrong = await run_declared(platform, check.model_copy(update={"identities": PEOPLE}), declared=declared)
    platform.sandbox.faults.switch_off("permission_missing")
    declared["chat_messages"]["access"] = {**PRIVATE, "login": ["create"], "anonymous": ["create"]}
    healthy = await run_declared(platform, check, declared=declared)

    assert (healthy.status, healthy.message) == (Status.PASSED, "")
    assert cells(wrong, "missing") == {f"{name}: create notifications over rest" for name in PEOPLE if name != "guest"}
    assert wrong.evidence["change"] == ('notifications: add create("users")',)


async def test_gives_nothing_to_the_account_of_one_run(platform: Platform) -> None:
    access = {"chat_messages": {"guest": [], "stranger": [], "anonymous": ["create"]}}
    collection_of(platform).permissions = ()

    outcome = await platform.run(matrix(access, identities=list(access["chat_messages"])))

    assert outcome.reason is Reason.PERMISSION_MISSING
    assert "no permission of the collection lets anonymous create" in str(outcome.evidence["change"])


@asynccontextmanager
async def removing(platform: Platform) -> AsyncIterator[None]:
    """
    Have somebody remove whatever stands in the collection of messages.
    """

    async def keep_removing() -> None:
        while True:
            collection_of(platform).documents.clear()
            await asyncio.sleep(0)

    task = asyncio.create_task(keep_removing())
    yield
    task.cancel()


async def test_a_document_that_somebody_removes_meanwhile_is_no_lack_of_permission(platform: Platform) -> None:
    async with removing(platform):
        outcome = await platform.run(matrix())

    assert outcome.status is Status.ERRORED
    assert "was removed while it was asked for" in outcome.message


async def test_what_is_open_is_told_though_the_monitor_could_not_judge_the_rest(platform: Platform) -> None:
    collection_of(platform, "bookings").permissions += ('read("any")',)

    async with removing(platform):
        outcome = await platform.run(matrix({"chat_messages": PRIVATE, "bookings": BOOKABLE}))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.PERMISSION_EXCESS)
    assert "Any: read on bookings publishes every document" in outcome.message
    assert "was removed while it was asked for" in str(outcome.evidence["obstacles"])


@pytest.mark.parametrize("identity", ["customer", "login", "anonymous"])
async def test_a_blocked_user_is_the_monitors_own_fault(platform: Platform, identity: str) -> None:
    access = {"chat_messages": {identity: ["create"]}}
    block(platform, platform.sandbox.customer.id)

    outcome = await platform.run(matrix(access, identities=[identity]))

    assert outcome.status is (Status.PASSED if identity == "anonymous" else Status.ERRORED), outcome.message


async def test_a_user_who_is_not_there_is_the_monitors_own_fault(platform: Platform) -> None:
    outcome = await platform.run(matrix({"chat_messages": {"nobody": []}}, identities=["nobody"]))

    assert outcome.status is Status.ERRORED


async def test_the_document_put_to_the_test_has_the_data_that_was_given(platform: Platform) -> None:
    outcome = await platform.run(matrix(data={"chat_messages": {"text": 7}}))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.SCHEMA)


async def test_what_was_given_stays_though_everybody_may_update(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.sandbox.faults.switch_on("permission_excess", actions=["update", "delete"])
    texts: set[object] = set()
    publish = platform.sandbox.hub.publish

    def note_and_publish(
        action: str, collection: Collection, document: Document, payload: Mapping[str, object]
    ) -> None:
        texts.add(payload["sessionId"])
        publish(action, collection, document, payload)

    monkeypatch.setattr(platform.sandbox.hub, "publish", note_and_publish)

    outcome = await platform.run(matrix(data={"chat_messages": {"sessionId": "hide me"}}))

    assert cells(outcome, "excess") == expected_cells(PEOPLE, "update") | expected_cells(PEOPLE, "delete")
    assert texts == {"hide me"}


async def test_a_collection_of_one_possible_document_proves_nothing(platform: Platform) -> None:
    collection = collection_of(platform)
    kind = replace(collection.attributes["text"], key="kind", size=0, format="enum", elements=("only",))
    collection.attributes = {"kind": kind}

    outcome = await platform.run(matrix())

    assert outcome.status is Status.ERRORED
    assert "no attribute of 'chat_messages' can be given a second value" in outcome.message


async def test_a_collection_without_attributes_is_a_schema_failure(platform: Platform) -> None:
    collection_of(platform).attributes = {}

    outcome = await platform.run(matrix())

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.SCHEMA)


async def test_a_collection_without_required_attributes_is_judged_too(platform: Platform) -> None:
    collection = collection_of(platform)
    collection.attributes = {key: each for key, each in collection.attributes.items() if not each.required}

    outcome = await platform.run(matrix())

    assert (outcome.status, outcome.message) == (Status.PASSED, "")


@pytest.mark.slow
async def test_twenty_rounds_leave_nothing(platform: Platform) -> None:
    people = [*PEOPLE, "login", "anonymous"]
    access = {"chat_messages": {**PRIVATE, "login": ["create"], "anonymous": ["create"]}}
    users_before = set(platform.sandbox.world.accounts.users)

    outcomes = [await platform.run(matrix(access, identities=people)) for _ in range(20)]

    assert {outcome.status for outcome in outcomes} == {Status.PASSED}
    assert leftovers(platform) == []
    assert set(platform.sandbox.world.accounts.users) == users_before
    assert not [user.id for user in platform.sandbox.world.accounts.users.values() if user.sessions]


@pytest.mark.slow
async def test_costs_no_more_than_it_says() -> None:
    check = matrix(SEEDED)
    per_person = {cost.what: cost.count for cost in check.costs() if cost.identity == "customer"}
    rounds = 60 // per_person[Limited.DELETES]

    async with platform_of(rate_limits=True) as platform:
        outcomes = [await platform.run(check) for _ in range(rounds)]

    assert per_person == {Limited.CREATES: 5, Limited.UPDATES: 5, Limited.DELETES: 5}
    assert Cost(what=Limited.CONNECTS, count=len(PEOPLE)) in check.costs()
    assert {outcome.status for outcome in outcomes} == {Status.PASSED}


CONFIG = """
target: {name: test, endpoint: http://127.0.0.1:1/v1, project: p, database: main, api_key: standard_0}
identities:
  guest: {kind: guest}
  customer: {kind: user, user_id: customer}
"""
MANIFEST = "collections: {chats: {permissions: ['read(\"any\")']}}"


def load(tmp_path: Path, check: str, manifest: str = MANIFEST) -> Check:
    (tmp_path / "manifest.yaml").write_text(manifest)
    given = "manifest: manifest.yaml\n" if manifest else ""
    path = tmp_path / "monitor.yaml"
    path.write_text(f"{CONFIG}{given}checks: {{access: {{kind: permission_matrix, every: 15m, {check}}}}}\n")
    return load_settings(path, load_registry(), {}).checks["access"]


@pytest.mark.parametrize(
    ("check", "manifest", "problem"),
    [
        pytest.param("identities: [guest]", "", "there is no collection to judge", id="nothing to judge by"),
        pytest.param(
            "identities: [guest], collections: [chat]", MANIFEST, "did you mean 'chats'?", id="unknown collection"
        ),
        pytest.param(
            "identities: [guest, customer], access: {rooms: {guest: []}}",
            MANIFEST,
            "access.rooms says nothing of customer",
            id="nothing said of somebody",
        ),
        pytest.param("identities: [guest, key]", MANIFEST, "the server key proves nothing", id="the key is judged"),
        pytest.param(
            "identities: [guest], access: {rooms: {key: [read]}}",
            MANIFEST,
            "the server key proves nothing",
            id="the key in the table",
        ),
        pytest.param(
            "identities: [guest], access: {rooms: {gest: [read]}}",
            MANIFEST,
            "identity gest is not declared: did you mean guest?",
            id="nobody declared in the table",
        ),
        pytest.param(
            "identities: [guest], access: {rooms: {guest: [], customer: [read]}}",
            MANIFEST,
            "access.rooms is about customer: add it to identities",
            id="somebody who is not judged",
        ),
        pytest.param("identities: [guest, guest]", MANIFEST, "identities name guest twice", id="twice"),
        pytest.param(
            "identities: [guest], data: {rooms: {a: 1}}", MANIFEST, "data is about what is not judged", id="other data"
        ),
        pytest.param(
            "identities: [guest], timeout: 5s",
            MANIFEST,
            "must be at most three quarters of timeout",
            id="no time but for waiting",
        ),
        pytest.param(
            "identities: [guest]",
            "collections: {" + ", ".join(f"c{number}: {{}}" for number in range(21)) + "}",
            "21 collections, expected at most 20 a check",
            id="more than can be counted",
        ),
        pytest.param("identities: []", MANIFEST, "must have at least 1", id="nobody"),
        pytest.param("identities: [guest]", MANIFEST, "guests read chats, and would see", id="a document in public"),
        pytest.param(
            "identities: [guest, customer], access: {rooms: {guest: [read], customer: [read]}}, data: {}",
            "",
            "give data.rooms attributes that hide it, or {} where it may be seen",
            id="a document in public by the table",
        ),
        pytest.param("identities: [guest], access: {rooms: {guest: [write]}}", MANIFEST, "must be", id="no action"),
    ],
)
async def test_refuses_what_cannot_be_judged(tmp_path: Path, check: str, manifest: str, problem: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(tmp_path, check, manifest)

    assert problem in str(refused.value)


@pytest.mark.parametrize(
    "check",
    [
        "identities: [guest], data: {chats: {hidden: true}}",
        "identities: [guest], data: {chats: {}}",
        "identities: [customer]",
        "identities: [guest, customer], access: {rooms: {guest: [], customer: [read]}}",
        "identities: [guest, customer], access: {chats: {guest: []}}, collections: [chats]",
    ],
)
async def test_takes_what_the_manifest_or_the_table_says(tmp_path: Path, check: str) -> None:
    assert load(tmp_path, check).kind() == "permission_matrix"


async def test_counts_the_most_where_the_manifest_says_which_collections_there_are() -> None:
    deletes = [cost.count for cost in matrix({}).costs() if cost.what is Limited.DELETES]

    assert deletes == [20] * len(PEOPLE)


async def test_refuses_to_name_nobody() -> None:
    with pytest.raises(ValidationError):
        matrix(identities=[])
