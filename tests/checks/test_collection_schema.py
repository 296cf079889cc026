import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.core.check import Check
from monitor.core.outcome import Impact, Outcome, Reason, Status
from monitor.sandbox.state.identifiers import stamp
from monitor.sandbox.state.world import Collection
from tests.checks.platforms import platform_of
from tests.conftest import Platform, check_of
from tests.manifests import Api, declared_live, run_with
from tests.reference import RICH, Mutation, add_rich_collection, copied, mutations_of

pytestmark = pytest.mark.asyncio

CHECK = check_of("collection_schema")


def collections_of(platform: Platform) -> dict[str, Collection]:
    return platform.sandbox.world.databases[platform.sandbox.database].collections


async def outcome_after(platform: Platform, fault: str, check: Check = CHECK, **parameters: object) -> Outcome:
    """
    Run *check* against the manifest of before, with *fault* on.
    """
    manifest = await declared_live(platform)
    platform.sandbox.faults.switch_on(fault, **parameters)
    return await run_with(platform, manifest, check)


def told(outcome: Outcome, severity: str = "breaking") -> tuple[str, ...]:
    lines = outcome.evidence.get(severity, ())
    assert isinstance(lines, tuple)
    return tuple(str(line) for line in lines)


def names(line: str, mutation: Mutation) -> bool:
    return line.startswith((f"{mutation}: ", f"{mutation} is "))


@contextmanager
def mutated(platform: Platform, mutation: Mutation) -> Iterator[None]:
    """
    Apply *mutation*, and put back what was.
    """
    collections = collections_of(platform)
    was = collections[mutation.collection]
    collections[mutation.collection] = copied(was)
    mutation.apply(collections[mutation.collection])
    try:
        yield
    finally:
        collections[mutation.collection] = was


@pytest.mark.slow
async def test_every_change_of_a_single_cell_is_found_and_named(platform: Platform) -> None:
    add_rich_collection(platform.sandbox)
    manifest = await declared_live(platform)
    mutations = [mutation for each in collections_of(platform).values() for mutation in mutations_of(each)]
    seed = random.randrange(1 << 32)
    random.Random(seed).shuffle(mutations)
    unnamed: list[str] = []

    for mutation in mutations:
        with mutated(platform, mutation):
            outcome = await run_with(platform, manifest, CHECK)
        lines = (*told(outcome), *told(outcome, "additive"))
        if len(lines) != 1 or not names(lines[0], mutation) or not outcome.reason:
            unnamed.append(f"{mutation}: {outcome.status} {outcome.message} {lines}")

    print(f"\n{len(mutations)} changes of one cell, seed {seed}: {len(unnamed)} not found or not named")  # noqa: T201
    assert not unnamed, "\n".join(unnamed)
    assert len(mutations) > 1000
    assert (await run_with(platform, manifest, CHECK)).status is Status.PASSED


@pytest.mark.parametrize("api", ["collections", "tables"])
@pytest.mark.parametrize("profile", ["1.8", "1.9"])
async def test_an_untouched_project_has_no_difference_on_any_version_through_either_family(
    profile: str, api: Api
) -> None:
    async with platform_of(profile=profile) as platform:
        add_rich_collection(platform.sandbox, with_newer=profile != "1.8")
        manifest = await declared_live(platform, api=api)

        outcome = await run_with(platform, manifest, CHECK, api=api)

        assert (outcome.status, outcome.message) == (Status.PASSED, "")
        assert outcome.observations.schema_differences == {Impact.BREAKING: 0, Impact.ADDITIVE: 0}
        assert manifest == await declared_live(platform, api="tables" if api == "collections" else "collections")
        assert RICH in manifest.collections


@pytest.mark.parametrize(
    ("fault", "parameters", "reason", "message"),
    [
        pytest.param(
            "collection_missing",
            {},
            Reason.NOT_FOUND,
            "chat_messages: collection is gone: breaks any writer, any reader: restore or enable it",
            id="missing",
        ),
        pytest.param(
            "collection_disabled",
            {},
            Reason.NOT_FOUND,
            "chat_messages: enabled: declared yes, live no: breaks any writer, any reader: restore or enable it",
            id="disabled",
        ),
        pytest.param(
            "collection_id_mismatch",
            {},
            Reason.NOT_FOUND,
            "bookings: collection is gone: breaks any writer, any reader: restore or enable it",
            id="under-another-id",
        ),
        pytest.param(
            "schema_drift",
            {},
            Reason.SCHEMA,
            "chat_messages: attribute isSystemMessage is not declared, live string of 255 required: breaks any writer:"
            " make it optional, or have the writer write it",
            id="required-attribute-more",
        ),
        pytest.param(
            "schema_drift",
            {"change": "enum", "collection": "notifications", "attribute": "kind", "values": ("booking", "message")},
            Reason.SCHEMA,
            "notifications: attribute kind element 'system' is gone: breaks any writer: undo it, or declare it",
            id="element-gone",
        ),
        pytest.param(
            "permission_missing",
            {"actions": ("create",)},
            Reason.PERMISSION_MISSING,
            'chat_messages: permission create("users") is gone: breaks any writer: grant it again',
            id="permission-lost",
        ),
        pytest.param(
            "permission_excess",
            {},
            Reason.PERMISSION_EXCESS,
            'chat_messages: permission read("any") is not declared: Any: read on chat_messages publishes every'
            " document: withdraw it",
            id="permission-gained",
        ),
        pytest.param(
            "schema_stuck",
            {"status": "failed", "what": "index", "attribute": "sessionId"},
            Reason.SCHEMA,
            None,
            id="index-failed",
        ),
    ],
)
async def test_a_breaking_difference_fails_and_says_which_whom_it_breaks_and_what_to_do(
    platform: Platform, fault: str, parameters: dict[str, Any], reason: Reason, message: str | None
) -> None:
    outcome = await outcome_after(platform, fault, **parameters)

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason)
    assert message in {None, outcome.message}
    assert outcome.observations.schema_differences[Impact.BREAKING] == 1


@pytest.mark.parametrize(
    ("declared", "live", "status", "message"),
    [
        pytest.param(
            "any",
            ["users"],
            Status.FAILED,
            'bookings: permission read("any") is gone: breaks any reader: grant it again',
            id="narrower",
        ),
        pytest.param(
            "users",
            ["users/verified"],
            Status.FAILED,
            'bookings: permission read("users") is gone: breaks any reader: grant it again',
            id="only-verified",
        ),
        pytest.param(
            "any",
            ["any", "team:synthetic-pair"],
            Status.DEGRADED,
            'bookings: permission read("team:synthetic-pair") is not declared: read("any") is declared, and covers it:'
            " breaks nobody: declare it with `monitor manifest pull`",
            id="superfluous",
        ),
    ],
)
async def test_access_that_the_manifest_grants_already_is_no_excess(
    platform: Platform, declared: str, live: list[str], status: Status, message: str
) -> None:
    bookings = collections_of(platform)["bookings"]
    bookings.permissions = (f'read("{declared}")',)
    manifest = await declared_live(platform)
    bookings.permissions = tuple(f'read("{role}")' for role in live)

    outcome = await run_with(platform, manifest, CHECK)

    assert (outcome.status, outcome.message) == (status, message)


async def test_a_remedy_that_does_not_fit_gives_way_to_a_shorter_one(platform: Platform) -> None:
    key = "k" * 80

    outcome = await outcome_after(platform, "schema_drift", attribute=key)

    assert outcome.message == (
        f"chat_messages: attribute {key} is not declared, live string of 255 required: breaks any writer:"
        " undo it, or declare it"
    )


async def test_a_hundred_collections_of_sixty_attributes_are_read_to_the_end(platform: Platform) -> None:
    collections = collections_of(platform)
    model = collections["bookings"]
    attribute = model.attributes["userId"]
    attributes = {f"attribute_{n}": replace(attribute, key=f"attribute_{n}") for n in range(60)}
    for number in range(100):
        collections[f"wide{number}"] = replace(
            model, id=f"wide{number}", attributes=attributes, indexes={}, sequence=100 + number
        )

    manifest = await declared_live(platform)
    outcome = await run_with(platform, manifest, check_of("collection_schema", timeout="20s"))

    assert len(manifest.collections["wide99"].attributes) == 60
    assert (outcome.status, outcome.message) == (Status.PASSED, "")


async def test_additive_differences_degrade_and_page_nobody(platform: Platform) -> None:
    outcome = await outcome_after(platform, "schema_drift", change="index", attribute="sessionId")

    assert (outcome.status, outcome.reason) == (Status.DEGRADED, Reason.SCHEMA)
    assert told(outcome, "additive") == ("chat_messages: index idx_sessionId is gone, declared key on sessionId",)
    assert outcome.observations.schema_differences == {Impact.BREAKING: 0, Impact.ADDITIVE: 1}


async def test_a_collection_that_is_not_declared_is_additive_and_found_beyond_the_first_page(
    platform: Platform,
) -> None:
    manifest = await declared_live(platform)
    collections = collections_of(platform)
    model = collections["bookings"]
    for number in range(250):
        collections[f"more{number}"] = replace(model, id=f"more{number}", sequence=100 + number)

    outcome = await run_with(platform, manifest, CHECK)

    assert (outcome.status, outcome.reason) == (Status.DEGRADED, Reason.SCHEMA)
    assert outcome.message == (
        "more0: collection is not declared (and 249 more): breaks nobody: declare it with `monitor manifest pull`"
    )
    assert told(outcome, "additive")[-2:] == ("more199: collection is not declared", "… and 50 more")


async def test_of_several_reasons_too_much_access_is_the_gravest(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("schema_drift@1", collection="bookings", change="missing", attribute="paid")
    manifest = await declared_live(platform)
    platform.sandbox.faults.switch_off("schema_drift@1")
    platform.sandbox.faults.switch_on("collection_missing", collection="notifications")
    platform.sandbox.faults.switch_on("permission_missing", collection="chat_sessions", actions=("create",))
    platform.sandbox.faults.switch_on("schema_drift@2", collection="bookings", change="size", attribute="userId")
    reasons = []

    for fault in ("permission_excess", "collection_missing", "schema_drift@2", "permission_missing"):
        if fault == "permission_excess":
            platform.sandbox.faults.switch_on(fault)
        reasons.append((await run_with(platform, manifest, CHECK)).reason)
        platform.sandbox.faults.switch_off(fault)

    last = await run_with(platform, manifest, CHECK)
    assert reasons == [
        Reason.PERMISSION_EXCESS,
        Reason.NOT_FOUND,
        Reason.SCHEMA,
        Reason.PERMISSION_MISSING,
    ]
    assert (last.status, told(last, "additive")) == (
        Status.DEGRADED,
        ("bookings: attribute paid is not declared, live boolean",),
    )


@pytest.mark.parametrize(
    ("minutes", "status"), [pytest.param(4, Status.PASSED, id="within"), pytest.param(6, Status.FAILED, id="beyond")]
)
async def test_processing_is_waited_for_until_its_limit(platform: Platform, minutes: int, status: Status) -> None:
    since = datetime.now(UTC) - timedelta(minutes=minutes)
    attributes = collections_of(platform)["chat_messages"].attributes
    attributes["text"] = replace(attributes["text"], created_at=stamp(since))

    outcome = await outcome_after(platform, "schema_stuck")

    assert outcome.status is status
    if status is Status.FAILED:
        assert outcome.reason is Reason.SCHEMA
        assert outcome.message == (
            f"chat_messages: attribute text is processing since {since:%Y-%m-%d %H:%M:%S} UTC: breaks any writer, any"
            " reader: writes with it get 400 unknown attribute: see the databases worker and its queue"
        )


async def test_processing_counts_from_the_last_change(platform: Platform) -> None:
    attributes = collections_of(platform)["chat_messages"].attributes
    long_ago, now = datetime.now(UTC) - timedelta(days=9), datetime.now(UTC)
    attributes["text"] = replace(attributes["text"], created_at=stamp(long_ago), updated_at=stamp(now))

    assert (await outcome_after(platform, "schema_stuck")).status is Status.PASSED


@pytest.mark.parametrize("status", ["stuck", "failed"])
async def test_what_the_worker_gave_up_is_not_waited_for(platform: Platform, status: str) -> None:
    outcome = await outcome_after(platform, "schema_stuck", status=status)

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.SCHEMA)
    assert len(told(outcome)) == 1
    assert f"attribute text is {status} since" in told(outcome)[0]


@pytest.mark.parametrize(
    ("fault", "parameters"),
    [
        pytest.param("collection_missing", {}, id="missing"),
        pytest.param("schema_stuck", {"status": "stuck"}, id="stuck"),
    ],
)
async def test_only_the_named_collections_are_compared(
    platform: Platform, fault: str, parameters: dict[str, Any]
) -> None:
    check = check_of("collection_schema", collections=["bookings"])

    outcome = await outcome_after(platform, fault, check, **parameters)

    assert outcome.status is Status.PASSED


async def test_a_run_without_a_manifest_is_our_own_fault(platform: Platform) -> None:
    outcome = await platform.run(CHECK)

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert "monitor manifest pull" in outcome.message


@pytest.mark.parametrize(
    ("fault", "fix"),
    [pytest.param("key_invalid", "make one", id="revoked"), pytest.param("key_scope", "collections.read", id="scope")],
)
async def test_a_key_that_is_refused_is_no_verdict_on_the_schema(platform: Platform, fault: str, fix: str) -> None:
    outcome = await outcome_after(platform, fault)

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert fix in outcome.message


async def test_the_configuration_refuses_it_without_a_manifest_and_for_what_the_manifest_lacks(
    platform: Platform,
) -> None:
    manifest = await declared_live(platform)

    assert CHECK.objection(None, {}).startswith("needs a manifest: write one with `monitor manifest pull`")
    assert CHECK.objection(manifest, {}) == ""
    assert check_of("collection_schema", collections=["bookngs"]).objection(manifest, {}) == (
        "unknown collection of the manifest 'bookngs': did you mean 'bookings'? A new one `monitor manifest pull` adds"
    )
