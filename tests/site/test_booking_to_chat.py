"""
The booking site does, in a real browser, what the platform lives from.
"""

import json

import pytest
from playwright.sync_api import expect

from monitor.sandbox import seed
from tests.sandbox.threaded import ThreadedSandbox
from tests.site.conftest import Visitors

pytestmark = pytest.mark.slow

PAIR = {f'read("team:{seed.TEAM}")', f'update("team:{seed.TEAM}")'}


def test_a_booking_reaches_the_therapist_and_both_talk(server: ThreadedSandbox, visitors: Visitors) -> None:
    therapist, customer = visitors.new(), visitors.new()
    therapist.sign_in_as_therapist()
    expect(therapist.page.get_by_text("Live", exact=True)).to_be_visible()

    customer.open_profile()
    customer.book()
    customer.order()

    expect(customer.page.locator(".countdown-container")).to_contain_text("Waiting for Therapist Response")
    expect(therapist.page.locator("#new-booking-title")).to_have_text("Permintaan Booking Baru")
    therapist.page.locator("#accept-booking-btn").click()
    expect(customer.page.get_by_text("Booking confirmed")).to_be_visible()
    customer.write("See you at noon")
    therapist.sees("See you at noon")
    therapist.write("I am on my way")
    customer.sees("I am on my way")

    [booking], [session] = server.documents("bookings"), server.documents("chat_sessions")
    assert (booking["status"], booking["therapistId"]) == ("confirmed", seed.THERAPIST_DOCUMENT)
    assert (booking["userId"], booking["durationMinutes"]) == (server.sandbox.customer.id, 90)
    assert (session["bookingId"], set(booking["$permissions"])) == (booking["$id"], PAIR)
    texts = [each["text"] for each in server.documents("chat_messages")]
    assert texts[-2:] == ["See you at noon", "I am on my way"]
    assert [each["userId"] for each in server.documents("notifications")] == [server.sandbox.therapist.id]
    assert (customer.errors, therapist.errors) == ([], [])
    assert customer.page.url.endswith("-ayu-lestari")


def test_a_therapist_who_comes_later_finds_booking_and_messages(server: ThreadedSandbox, visitors: Visitors) -> None:
    customer, therapist = visitors.new(), visitors.new()
    customer.open_profile(query="?profile=march&lang=en")
    customer.book(button="Book Now")
    customer.order()
    expect(customer.page.locator(".countdown-container")).to_contain_text("Therapist Response Countdown")
    customer.write("Are you free")
    customer.sees("Are you free")

    therapist.sign_in_as_therapist()
    therapist.page.locator("#accept-booking-btn").click()

    therapist.sees("Are you free")
    assert server.documents("bookings")[0]["status"] == "confirmed"


def test_a_declined_booking_is_told_to_the_customer(visitors: Visitors) -> None:
    therapist, customer = visitors.new(), visitors.new()
    therapist.sign_in_as_therapist()
    customer.open_profile()
    customer.book()
    customer.order()

    therapist.page.locator("#decline-booking-btn").click()

    expect(customer.page.get_by_text("Booking cancelled")).to_be_visible()


def test_contact_details_are_refused_and_the_reader_is_told(server: ThreadedSandbox, visitors: Visitors) -> None:
    customer = visitors.new()
    customer.open_profile()
    customer.book()
    customer.order()
    customer.sees("Booking request")

    customer.write("call me at 0812 3456 7890")

    expect(customer.page.get_by_role("alert")).to_contain_text("contact details")
    assert len(server.documents("chat_messages")) == 1


@pytest.mark.parametrize(
    ("fault", "parameters", "alert"),
    [
        pytest.param(
            "collection_missing", {"collection": "chat_sessions"}, "could not be found", id="collection-missing"
        ),
        pytest.param("permission_missing", {"collection": "bookings"}, "No permissions provided", id="permission"),
        pytest.param(
            "schema_drift",
            {"collection": "bookings", "attribute": "paid", "change": "missing"},
            "Unknown attribute",
            id="schema",
        ),
    ],
)
def test_what_the_server_refuses_is_shown_and_no_chat_opens(
    server: ThreadedSandbox, visitors: Visitors, fault: str, parameters: dict[str, object], alert: str
) -> None:
    server.break_with(fault, parameters)
    customer = visitors.new()
    customer.open_profile()
    customer.book()

    customer.order()

    expect(customer.page.get_by_role("alert").last).to_contain_text(alert)
    assert customer.page.get_by_label("Message", exact=True).count() == 0


def test_a_silent_realtime_leaves_the_dashboard_still(server: ThreadedSandbox, visitors: Visitors) -> None:
    therapist, customer = visitors.new(), visitors.new()
    therapist.sign_in_as_therapist()
    expect(therapist.page.get_by_text("Live", exact=True)).to_be_visible()
    server.break_with("realtime_silent")
    customer.open_profile()
    customer.book()
    customer.order()
    customer.sees("Booking request")

    assert therapist.page.locator("#new-booking-title").count() == 0
    assert any(json.loads(frame)["type"] == "subscribe" for frame in therapist.frames)
    therapist.page.reload()
    expect(therapist.page.locator("#new-booking-title")).to_be_visible()


def test_samples_stand_in_for_therapists_that_cannot_be_listed(server: ThreadedSandbox, visitors: Visitors) -> None:
    visitor = visitors.new()
    visitor.open("#/home")
    expect(visitor.page.get_by_role("link", name="Ayu Lestari")).to_be_visible()

    server.break_with("database_gone")
    visitor.open("#/home")

    expect(visitor.page.get_by_text("Sample therapist One")).to_be_visible()
