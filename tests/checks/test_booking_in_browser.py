import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import ValidationError

from monitor.browser import kept_browser
from monitor.browser.observed import Observed
from monitor.core.check import Check
from monitor.core.identity import Guest, Identity, User
from monitor.core.outcome import Outcome, Reason, Status, Step
from monitor.core.redaction import redacted
from monitor.manual import manual_of
from monitor.sandbox.faults.page import PAGE_FAULTS
from tests.conftest import Platform, check_of, failed_steps
from tests.journey.story import holdings, on_create
from tests.tools import require

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

JANUARY = {"like": "january", "chat": {"collection": "chat_sessions"}}


@pytest.fixture(autouse=True)
def chromium() -> None:
    require("chromium")


def booking_in_browser(**settings: Any) -> Check:
    usual: dict[str, Any] = {
        "profile": JANUARY,
        "customer": "customer",
        "therapist": "therapist",
        "timeout": "40s",
        "event_within": "3s",
        "step_within": "4s",
    }
    return check_of("booking_in_browser", **{**usual, **settings})


def seen(outcome: Outcome) -> tuple[Status, Reason | None, object, object, list[str]]:
    evidence = outcome.evidence
    return outcome.status, outcome.reason, evidence.get("side"), evidence.get("observed"), failed_steps(outcome)


async def test_passes_ten_times_in_a_row_and_leaves_nothing(platform: Platform) -> None:
    before = holdings(platform.sandbox)

    outcomes = [await platform.run(booking_in_browser()) for _ in range(10)]

    assert [(outcome.status, outcome.message) for outcome in outcomes] == [(Status.PASSED, "")] * 10
    assert all(
        [step.name for step in each.steps] == list(manual_of(type(booking_in_browser())).steps) for each in outcomes
    )
    assert holdings(platform.sandbox) == before
    assert not platform.leftovers.counts() or all(count == 0 for count, _ in platform.leftovers.counts().values())


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"customer": "login"}, id="with a password"),
        pytest.param({"customer_page": "/?profile=march&lang=en#/therapist-profile/{therapist}-ayu"}, id="later texts"),
    ],
)
async def test_passes_for_others_too(platform: Platform, settings: dict[str, Any]) -> None:
    before = holdings(platform.sandbox)

    outcome = await platform.run(booking_in_browser(**settings))

    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert holdings(platform.sandbox) == before


@asynccontextmanager
async def site_elsewhere(platform: Platform, *, without: str = "") -> AsyncIterator[str]:
    """
    Serve the site from another host than its API, as most sites are; its start page in place of *without*.
    """

    async def serve(request: web.Request) -> web.Response:
        path = request.path if request.path != without else "/"
        async with aiohttp.request("GET", f"{platform.sandbox.site}{path}") as answer:
            body, kind = await answer.read(), answer.content_type
        if request.path == "/site/settings.json":
            body = json.dumps(json.loads(body) | {"endpoint": platform.sandbox.endpoint}).encode()
        return web.Response(body=body, content_type=kind)

    server = TestServer(web.Application())
    server.app.router.add_get("/{path:.*}", serve)
    await server.start_server(host="127.0.0.1")
    yield f"http://localhost:{server.port}"
    await server.close()


@pytest.mark.parametrize("customer", ["customer", "login"])
async def test_passes_where_site_and_api_are_on_two_hosts(platform: Platform, customer: str) -> None:
    before, runner = holdings(platform.sandbox), platform.runner()
    async with site_elsewhere(platform) as site:
        target = runner.surroundings.target.model_copy(update={"site": site})
        runner.move_to(target=target, identities=runner.surroundings.identities, manifest=None)

        outcome = await runner.run_now(booking_in_browser(customer=customer))

    assert outcome is not None
    assert (outcome.status, outcome.message) == (Status.PASSED, "")
    assert holdings(platform.sandbox) == before


async def test_a_script_that_is_gone_is_named(platform: Platform) -> None:
    runner = platform.runner()
    async with site_elsewhere(platform, without="/app/chat_window.js") as site:
        target = runner.surroundings.target.model_copy(update={"site": site})
        runner.move_to(target=target, identities=runner.surroundings.identities, manifest=None)

        outcome = await runner.run_now(booking_in_browser())

    assert outcome is not None
    assert (outcome.reason, outcome.evidence["observed"]) == (Reason.WRONG_ANSWER, Observed.PAGE_MISSING)
    assert "/app/chat_window.js is text/html, not a script" in outcome.message


async def test_therapists_that_may_not_be_read_are_no_fault_of_the_page(platform: Platform) -> None:
    def hide(step: Step) -> None:
        if step.name == "find_therapist":
            platform.sandbox.faults.switch_on("permission_missing", collection="therapists_collection_id")

    outcome = await platform.runner().run_now(booking_in_browser(), on_step=hide)

    assert outcome is not None
    assert (outcome.reason, outcome.evidence["observed"]) == (Reason.PERMISSION_MISSING, Observed.REFUSED)


async def test_an_origin_that_is_not_known_is_told_where_site_and_api_are_on_two_hosts(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("origin_blocked")
    runner = platform.runner()
    async with site_elsewhere(platform) as site:
        target = runner.surroundings.target.model_copy(update={"site": site})
        runner.move_to(target=target, identities=runner.surroundings.identities, manifest=None)

        outcome = await runner.run_now(booking_in_browser())

    assert outcome is not None
    assert (outcome.reason, outcome.evidence["observed"]) == (Reason.UNAUTHORIZED, Observed.REFUSED), outcome.message


CUSTOMER, THERAPIST = "customer", "therapist"
PAGES = {
    "page_customer_unsubscribed": (CUSTOMER, Observed.NO_SUBSCRIPTION, "customer_sees_acceptance"),
    "page_dashboard_unsubscribed": (THERAPIST, Observed.NO_SUBSCRIPTION, "therapist_sees_booking"),
    "page_messages_after_reload": (THERAPIST, Observed.EVENT_NOT_SHOWN, "therapist_receives"),
    "page_optimistic_send": (CUSTOMER, Observed.NOT_WRITTEN, "send_message"),
    "page_order_navigates_away": (CUSTOMER, Observed.NAVIGATED_AWAY, "order"),
    "page_stuck_connecting": (CUSTOMER, Observed.STUCK, "chat_opens"),
    "page_requires_expiry": (THERAPIST, Observed.NOT_LISTED, "therapist_sees_booking"),
    "page_therapist_buried": (CUSTOMER, Observed.THERAPIST_MISSING, "order"),
    "page_conversation_ids_differ": (THERAPIST, Observed.CONVERSATION_DIFFERS, "therapist_receives"),
    "page_accept_refused": (THERAPIST, Observed.NO_REQUEST, "accept"),
    "page_socket_storm": (CUSTOMER, Observed.SOCKET_STORM, ""),
    "page_feature_disabled": (CUSTOMER, Observed.HANDED_OFF, "book_now"),
    "page_other_bookings": (THERAPIST, Observed.OTHER_COLLECTION, "therapist_sees_booking"),
    "page_wrong_collection": (CUSTOMER, Observed.OTHER_COLLECTION, "order"),
    # These show with whatever the page asks next, beside what goes on well.
    "page_name_as_id": (CUSTOMER, Observed.NAME_AS_ID, ""),
    "page_empty_collection_id": (CUSTOMER, Observed.EMPTY_ID, ""),
    "page_other_project": (CUSTOMER, Observed.OTHER_PROJECT, ""),
}


async def test_every_fault_of_a_page_is_in_the_table() -> None:
    assert PAGES.keys() == PAGE_FAULTS.keys()


@pytest.mark.parametrize("fault", sorted(PAGES))
async def test_says_what_is_wrong_with_a_page(platform: Platform, fault: str) -> None:
    side, observed, step = PAGES[fault]
    before = holdings(platform.sandbox)
    platform.sandbox.faults.switch_on(fault)

    outcome = await platform.run(booking_in_browser())

    reason = Reason.DISABLED if observed is Observed.HANDED_OFF else Reason.WRONG_ANSWER
    assert seen(outcome)[:4] == (Status.FAILED, reason, side, observed), outcome.message
    assert failed_steps(outcome) == [outcome.evidence["step"]]
    assert step in {"", outcome.evidence["step"]}
    assert holdings(platform.sandbox) == before


async def test_names_both_collections_where_they_differ(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("page_other_bookings")

    evidence = (await platform.run(booking_in_browser())).evidence

    assert (evidence["asked"], evidence["expected"]) == ("bookings_collection_id", "bookings")


@pytest.mark.parametrize(
    ("fault", "reason", "observed"),
    [
        pytest.param(
            ("permission_missing", {"collection": "chat_messages"}),
            Reason.PERMISSION_MISSING,
            Observed.REFUSED,
            id="messages may not be read",
        ),
        pytest.param(
            ("collection_missing", {"collection": "chat_messages"}),
            Reason.NOT_FOUND,
            Observed.REFUSED,
            id="the function's collection is missing",
        ),
        pytest.param(
            ("permission_missing", {"collection": "bookings"}),
            Reason.PERMISSION_MISSING,
            Observed.REFUSED,
            id="nobody may book",
        ),
        pytest.param(
            ("permission_missing", {"collection": "notifications"}),
            Reason.PERMISSION_MISSING,
            Observed.REFUSED,
            id="nobody may be told",
        ),
        pytest.param(
            ("collection_missing", {"collection": "bookings"}), Reason.NOT_FOUND, Observed.REFUSED, id="no bookings"
        ),
        pytest.param(
            ("schema_drift", {"collection": "bookings", "attribute": "paid", "change": "missing"}),
            Reason.SCHEMA,
            Observed.REFUSED,
            id="an attribute is missing",
        ),
        pytest.param(("origin_blocked", {}), Reason.UNAUTHORIZED, Observed.REFUSED, id="the origin is not known"),
        pytest.param(("service_down", {}), Reason.HTTP_STATUS, Observed.REFUSED, id="all is down"),
        pytest.param(("rate_limited", {}), Reason.RATE_LIMITED, Observed.REFUSED, id="too many requests"),
        pytest.param(("function_failed", {}), Reason.HTTP_STATUS, Observed.REFUSED, id="the function fails"),
        pytest.param(("realtime_silent", {}), Reason.NO_EVENT, Observed.NO_EVENT, id="realtime is silent"),
        pytest.param(("realtime_gone", {}), Reason.NO_EVENT, Observed.NO_EVENT, id="realtime is gone"),
        pytest.param(("realtime_hang", {}), Reason.NO_EVENT, Observed.NO_EVENT, id="realtime says nothing"),
        pytest.param(
            ("realtime_refused", {"how": "frame"}), Reason.WRONG_ANSWER, Observed.REFUSED, id="realtime refuses sockets"
        ),
    ],
)
async def test_blames_no_page_for_what_the_server_does(
    platform: Platform, fault: tuple[str, dict[str, Any]], reason: Reason, observed: Observed
) -> None:
    platform.sandbox.faults.switch_on(fault[0], **fault[1])

    outcome = await platform.run(booking_in_browser())

    assert (outcome.status, outcome.reason) == (Status.FAILED, reason), outcome.message
    assert outcome.evidence["observed"] == observed


async def test_names_what_was_refused_to_whom(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("permission_missing", collection="bookings")

    evidence = (await platform.run(booking_in_browser())).evidence

    wanted = {
        "side": "customer",
        "identity": "customer",
        "collection": "bookings",
        "status": 401,
        "type": "user_unauthorized",
        "step": "order",
        "profile": "like january",
    }
    assert {key: evidence[key] for key in wanted} == wanted


async def test_shows_both_pages_and_what_went_before_without_a_secret(platform: Platform) -> None:
    platform.sandbox.faults.switch_on("page_accept_refused")

    outcome = await platform.run(booking_in_browser())

    pictures = {each.name: each for each in outcome.attachments}
    assert pictures.keys() == {"customer.jpg", "therapist.jpg"}
    assert all(each.content.startswith(b"\xff\xd8\xff") for each in pictures.values())
    assert all(each.media_type == "image/jpeg" for each in pictures.values())
    lines = {name: value for name, value in outcome.evidence.items() if isinstance(value, tuple)}
    assert lines.keys() == {"console", "requests", "frames"}
    assert "customer: POST /databases/68f76ee1000e64ca8d05/collections/bookings/documents 201" in str(lines["requests"])
    assert "therapist: got event bookings.create" in str(lines["frames"])
    assert all(len(texts) <= 60 for texts in lines.values())
    assert not [line for texts in lines.values() for line in map(str, texts) if "?" in line or len(line) > 160]
    assert json.dumps(redacted(outcome, str))


async def test_a_site_that_does_not_load_is_no_page(platform: Platform) -> None:
    runner = platform.runner()
    target = runner.surroundings.target.model_copy(update={"site": "http://127.0.0.1:9"})
    runner.move_to(target=target, identities=runner.surroundings.identities, manifest=None)

    outcome = await runner.run_now(booking_in_browser())

    assert outcome is not None
    assert (outcome.reason, outcome.evidence["observed"]) == (Reason.CONNECTION, Observed.PAGE_MISSING)
    assert failed_steps(outcome) == ["open_site"]


async def test_a_guest_whom_the_page_asks_to_sign_in_is_a_mistake_of_the_configuration(platform: Platform) -> None:
    before = holdings(platform.sandbox)

    outcome = await platform.run(booking_in_browser(customer="guest"))

    assert outcome.status is Status.ERRORED
    assert "let customer name a user" in outcome.message
    assert holdings(platform.sandbox) == before


async def test_an_api_that_hangs_is_told_before_the_deadline(platform: Platform) -> None:
    def hang() -> None:
        asyncio.get_running_loop().call_soon(platform.sandbox.faults.switch_on, "hang")

    on_create(platform.sandbox, "bookings", hang)

    outcome = await platform.run(booking_in_browser(timeout="10s", step_within="6s"))

    assert (outcome.status, outcome.reason) == (Status.FAILED, Reason.TIMEOUT)
    assert outcome.duration_seconds < 10.0
    assert (outcome.evidence["observed"], len(outcome.attachments)) == (Observed.REFUSED, 2)
    platform.sandbox.faults.switch_off("hang")


async def test_without_the_library_it_is_errored_with_the_remedy(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def import_nothing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(kept_browser, "import_module", import_nothing)

    outcome = await platform.run(booking_in_browser())

    assert outcome.status is Status.ERRORED
    assert "install this program with its extra 'browser'" in outcome.message


async def test_without_a_browser_it_is_errored_with_the_remedy(platform: Platform) -> None:
    outcome = await platform.run(booking_in_browser(executable="/nowhere/chromium"))

    assert outcome.status is Status.ERRORED
    assert "install the package chromium, or set executable" in outcome.message


async def test_a_site_that_is_not_declared_is_a_mistake_of_the_configuration(platform: Platform) -> None:
    runner = platform.runner()
    target = runner.surroundings.target.model_copy(update={"site": None})
    runner.move_to(target=target, identities=runner.surroundings.identities, manifest=None)

    outcome = await runner.run_now(booking_in_browser())

    assert outcome is not None
    assert (outcome.status, outcome.message) == (Status.ERRORED, "no site to open: set target.site")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param({"event_within": "50s"}, "event_within (50s) must be shorter than timeout (40s)", id="event"),
        pytest.param({"step_within": "50s"}, "step_within (50s) must be shorter than timeout (40s)", id="step"),
        pytest.param({"therapist": "customer"}, "a journey needs two", id="one for both"),
        pytest.param({"customer_page": "profile"}, "should match pattern", id="no path"),
        pytest.param({"words": {"accept": []}}, "at least 1 item", id="no way to a button"),
    ],
)
async def test_refuses_settings_that_cannot_be(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        booking_in_browser(**settings)

    assert words in str(refusal.value)


async def test_objects_to_a_guest_where_only_users_can_do_the_part() -> None:
    therapist = User(user_id="synthetic-therapist")
    identities: dict[str, Identity] = {"customer": Guest(), "therapist": therapist, "guest": Guest()}

    assert "who has no dashboard" in booking_in_browser(therapist="guest").objection(None, identities)
    assert "lets nobody book" in booking_in_browser(profile="march").objection(None, identities)
    assert booking_in_browser().objection(None, identities) == ""


async def test_several_runs_at_once_do_not_meet(platform: Platform) -> None:
    before = holdings(platform.sandbox)

    outcomes = await asyncio.gather(*(platform.run(booking_in_browser(name=f"check-{n}")) for n in range(2)))

    assert {outcome.status for outcome in outcomes} == {Status.PASSED}, [each.message for each in outcomes]
    assert holdings(platform.sandbox) == before
