from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
import pytest_asyncio

from monitor.appwrite.answers import Collection
from monitor.appwrite.near_miss import Confusion, same_word, similar
from monitor.core.outcome import Outcome, Reason, Status
from monitor.sandbox.server import Sandbox
from tests.checks.platforms import platform_of
from tests.conftest import Platform, check_of

pytestmark = pytest.mark.asyncio


async def test_passes_when_the_collection_is_there(platform: Platform) -> None:
    outcome = await platform.run(check_of("collection_exists", collection="bookings"))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert [step.name for step in outcome.steps] == ["database", "collection"]


async def test_fails_when_the_collection_was_deleted(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("collection_missing", collection="bookings")

    outcome = await platform.run(check_of("collection_exists", collection="bookings"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.NOT_FOUND)
    assert outcome.evidence["type"] == "collection_not_found"
    assert "'bookings'" in outcome.message


async def test_fails_when_the_collection_is_disabled_since_users_get_404(platform: Platform) -> None:
    platform.sandbox.world.databases[platform.sandbox.database].collections["bookings"].enabled = False

    outcome = await platform.run(check_of("collection_exists", collection="bookings"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.NOT_FOUND)
    assert "disabled" in outcome.message


async def test_a_key_that_the_server_refuses_is_no_verdict_on_the_target(platform: Platform) -> None:
    outcome = await platform.run(check_of("collection_exists", collection="bookings"), api_key="standard_wrong")

    assert (outcome.status, outcome.reason) == (Status.ERRORED, Reason.INTERNAL)
    assert "the server key is wrong or revoked" in outcome.message
    assert "standard_wrong" not in outcome.message


@dataclass(frozen=True)
class Site:
    """
    A sandbox of some version, asked in one family of calls, in which collections are made and looked for.
    """

    platform: Platform
    api: str

    @property
    def sandbox(self) -> Sandbox:
        return self.platform.sandbox

    async def look_for(self, collection: str, **fields: str) -> Outcome:
        return await self.platform.run(check_of("collection_exists", collection=collection, **fields), api=self.api)

    async def make_database(self, id_: str, name: str) -> None:
        await self._post("/databases", {"databaseId": id_, "name": name})

    async def make_collection(self, id_: str, name: str, database: str | None = None) -> None:
        path = f"/databases/{database or self.sandbox.database}/collections"
        await self._post(path, {"collectionId": id_, "name": name})

    async def _post(self, path: str, body: dict[str, str]) -> None:
        headers = {"X-Appwrite-Project": self.sandbox.project, "X-Appwrite-Key": self.sandbox.api_key}
        async with (
            aiohttp.ClientSession(headers=headers) as client,
            client.post(f"{self.sandbox.endpoint}{path}", json=body) as response,
        ):
            assert response.status == 201, await response.text()


@pytest_asyncio.fixture(
    params=[
        pytest.param(("1.8", "collections"), id="1.8-collections"),
        pytest.param(("1.8", "tables"), id="1.8-tables"),
        pytest.param(("1.9", "collections"), id="1.9-collections"),
        pytest.param(("1.9", "tables"), id="1.9-tables"),
    ]
)
async def site(request: pytest.FixtureRequest) -> AsyncIterator[Site]:
    profile, api = request.param
    async with platform_of(profile=profile) as platform:
        yield Site(platform=platform, api=api)


def near_miss(outcome: Outcome) -> tuple[object, object]:
    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.NOT_FOUND)
    assert [step.name for step in outcome.steps][-1] == "near_miss"
    meant = outcome.evidence.get("near_miss")
    assert meant is None or repr(meant) in outcome.message
    return meant, outcome.evidence.get("near_miss_kind")


async def test_names_the_collection_that_lives_under_another_id(site: Site) -> None:
    site.sandbox.faults.switch_on("collection_id_mismatch", collection="bookings", to="bookings_live")

    outcome = await site.look_for("bookings")

    assert near_miss(outcome) == ("bookings_live", "display_name")
    assert outcome.message == (
        "collection 'bookings' answered 404: that is the display name ('bookings') of 'bookings_live': configure the id"
    )


async def test_names_the_id_of_a_display_name_even_on_a_late_page(site: Site) -> None:
    for number in range(105):
        await site.make_collection(f"filler-{number:03}", f"Filler {number}")
    await site.make_collection("68f7a1b2003c9d4e5f60", "Chat Archive")

    outcome = await site.look_for("chat_archive")

    assert near_miss(outcome) == ("68f7a1b2003c9d4e5f60", "display_name")


async def test_names_the_other_database_that_holds_the_collection(site: Site) -> None:
    await site.make_database("archive", "Archive")
    await site.make_database("old-main", "Old main")
    await site.make_collection("invoices", "Invoices", "old-main")

    outcome = await site.look_for("invoices")

    assert near_miss(outcome) == ("old-main", "other_database")
    assert outcome.message == (
        "collection 'invoices' is not in database '68f76ee1000e64ca8d05' (404), but in 'old-main':"
        " correct target.database"
    )


@pytest.mark.parametrize(
    ("configured", "collection", "meant", "kind"),
    [
        pytest.param("main", "bookings", "68f76ee1000e64ca8d05", "other_database", id="holds-the-collection"),
        pytest.param("main", "nothing_alike", "68f76ee1000e64ca8d05", "display_name", id="its-display-name"),
        pytest.param("68f76ee1000e64ca8d50", "nothing_alike", "68f76ee1000e64ca8d05", "similar_id", id="misspelt"),
        pytest.param("elsewhere", "nothing_alike", None, None, id="nothing-like-it"),
    ],
)
async def test_names_the_database_that_was_meant(
    site: Site, configured: str, collection: str, meant: str | None, kind: str | None
) -> None:
    site.sandbox.database = configured

    outcome = await site.look_for(collection)

    assert near_miss(outcome) == (meant, kind)
    assert f"database {configured!r} answered 404" in outcome.message


async def test_a_collection_that_is_really_gone_has_no_near_miss(site: Site) -> None:
    site.sandbox.faults.switch_on("collection_missing", collection="chat_messages")

    outcome = await site.look_for("chat_messages")

    assert near_miss(outcome) == (None, None)
    assert "check the id, and whether it was deleted" in outcome.message


@pytest.mark.parametrize(
    ("fault", "reason", "kind", "says"),
    [
        pytest.param("project_missing", Reason.NOT_FOUND, "project", "correct target.project", id="project"),
        pytest.param("wrong_region", Reason.UNAUTHORIZED, "region", "lives in another region", id="region"),
    ],
)
async def test_tells_a_wrong_project_and_region(site: Site, fault: str, reason: Reason, kind: str, says: str) -> None:
    site.sandbox.faults.switch_on(fault)

    outcome = await site.look_for("bookings")

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason)
    assert outcome.evidence["near_miss_kind"] == kind
    assert says in outcome.message


@pytest.mark.parametrize("fault", ["server_error", "proxy", "hang"])
async def test_the_first_failure_stands_when_the_list_is_refused_too(platform: Platform, fault: str) -> None:
    # The first request there asks for the collection, the second for the list.
    path = f"/databases/{platform.sandbox.database}/collections"
    platform.sandbox.faults.switch_on(fault, path=path, every=2)

    outcome = await platform.run(check_of("collection_exists", collection="bookingz", timeout="2s"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.NOT_FOUND)
    assert outcome.evidence["type"] == "collection_not_found"
    assert outcome.duration_seconds < 2.0
    assert "near_miss" not in outcome.evidence


async def test_asks_nothing_more_when_all_is_well(platform: Platform) -> None:
    outcome = await platform.run(check_of("collection_exists", collection="bookings"))

    assert [step.name for step in outcome.steps] == ["database", "collection"]


THERE = [
    Collection.model_validate({"$id": id_, "name": name})
    for id_, name in [
        ("bookings_collection_id", "Bookings"),
        ("chat_messages", "Chat Messages"),
        ("ChatSessions", "Sessions"),
        ("6745ab0c", "Notifications"),
        ("users", "users"),
    ]
]


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        pytest.param("Notifications", ("6745ab0c", Confusion.DISPLAY_NAME), id="display-name"),
        pytest.param("noti_fications", ("6745ab0c", Confusion.DISPLAY_NAME), id="display-name-in-other-words"),
        pytest.param("chat_sessions", ("ChatSessions", Confusion.SIMILAR_ID), id="other-case"),
        pytest.param("bookings_collection", ("bookings_collection_id", Confusion.SIMILAR_ID), id="beginning"),
        pytest.param("collection_id", ("bookings_collection_id", Confusion.SIMILAR_ID), id="end"),
        pytest.param("old_chat_messages", ("chat_messages", Confusion.SIMILAR_ID), id="longer"),
        pytest.param("chat_mesages", ("chat_messages", Confusion.SIMILAR_ID), id="misspelt"),
        pytest.param("chat_passages", None, id="other-word"),
        pytest.param("chat", None, id="too-short-to-say"),
        pytest.param("payments", None, id="nothing-like-it"),
    ],
)
async def test_knows_what_is_near(wanted: str, meant: tuple[str, Confusion] | None) -> None:
    found = same_word(wanted, THERE) or similar(wanted, THERE)

    assert (found and (found[0].id, found[1])) == meant
