"""
What the pages do wrong when a fault tells them to: the server is well, and the platform is not.
"""

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from monitor.sandbox import seed
from monitor.sandbox.booking_platform import OTHER_BOOKINGS
from monitor.sandbox.faults.page import PAGE_FAULTS
from tests.sandbox.threaded import ThreadedSandbox
from tests.site.conftest import Visitors
from tests.site.people import Visitor

pytestmark = pytest.mark.slow


def ordered(visitors: Visitors) -> Visitor:
    customer = visitors.new()
    customer.open_profile()
    customer.book()
    customer.order()
    return customer


def subscribed(visitor: Visitor) -> list[str]:
    messages = [json.loads(frame) for frame in visitor.frames]
    items = [item for each in messages if each["type"] == "subscribe" for item in each["data"]]
    return [channel for item in items for channel in item["channels"]]


def test_the_customer_never_subscribes(server: ThreadedSandbox, visitors: Visitors) -> None:
    server.break_with("page_customer_unsubscribed")

    customer = ordered(visitors)

    customer.sees("Booking request")
    expect(customer.page.get_by_text("Connecting...")).to_be_visible()
    assert subscribed(customer) == []
    assert len(server.documents("bookings")) == 1


def test_the_dashboard_never_subscribes(server: ThreadedSandbox, visitors: Visitors) -> None:
    server.break_with("page_dashboard_unsubscribed")
    therapist = visitors.new()
    therapist.sign_in_as_therapist()
    expect(therapist.page.get_by_text("No bookings yet.")).to_be_visible()

    ordered(visitors).sees("Booking request")

    assert subscribed(therapist) == []
    assert therapist.page.locator("#new-booking-title").count() == 0
    assert len(server.documents("bookings")) == 1


def test_messages_show_after_a_reload_only(server: ThreadedSandbox, visitors: Visitors) -> None:
    server.break_with("page_messages_after_reload")
    therapist = visitors.new()
    therapist.sign_in_as_therapist()
    customer = ordered(visitors)
    customer.sees("Booking request")
    therapist.page.locator("#accept-booking-btn").click()
    therapist.sees("Booking request")

    customer.write("Where are you")
    customer.sees("Where are you")

    assert therapist.bubbles() == ["Booking request: longer, Male, Villa"]
    therapist.page.reload()
    therapist.sees("Where are you")


def test_a_message_shows_as_sent_that_was_never_written(server: ThreadedSandbox, visitors: Visitors) -> None:
    server.break_with("page_optimistic_send")

    customer = ordered(visitors)
    customer.write("Hello there")

    customer.sees("Hello there")
    assert server.documents("chat_messages") == []


def test_the_order_button_leaves_the_page(server: ThreadedSandbox, visitors: Visitors) -> None:
    server.break_with("page_order_navigates_away")
    customer = visitors.new()
    customer.open_profile()
    customer.book()

    customer.page.get_by_test_id("order-now-button").click()

    expect(customer.page.get_by_role("heading", name="Therapists near you")).to_be_visible()
    assert customer.page.get_by_test_id("persistent-chat-window").count() == 0
    assert server.documents("bookings") == []


def test_the_page_stays_on_connecting(server: ThreadedSandbox, visitors: Visitors) -> None:
    server.break_with("page_stuck_connecting")

    customer = ordered(visitors)

    expect(customer.page.get_by_role("heading", name="Connecting to Therapist...")).to_be_visible()
    assert customer.page.locator(".countdown-container").count() == 0
    assert len(server.documents("bookings")) == 1


@pytest.mark.parametrize("fault", ["page_requires_expiry", "page_therapist_buried", "page_other_bookings"])
def test_the_therapist_never_sees_a_booking_that_exists(
    server: ThreadedSandbox, visitors: Visitors, fault: str
) -> None:
    server.break_with(fault)
    therapist = visitors.new()
    therapist.sign_in_as_therapist()
    expect(therapist.page.get_by_text("Live", exact=True)).to_be_visible()

    ordered(visitors).sees("Booking request")
    therapist.page.reload()

    expect(therapist.page.get_by_text("Live", exact=True)).to_be_visible()
    expect(therapist.page.get_by_text("No bookings yet.")).to_be_visible()
    assert therapist.page.locator("#new-booking-title").count() == 0
    [booking] = server.documents("bookings")
    assert (booking["therapistId"] == seed.THERAPIST_DOCUMENT) is (fault != "page_therapist_buried")
    listened = any(f".{OTHER_BOOKINGS}." in channel for channel in subscribed(therapist))
    assert listened is (fault == "page_other_bookings")


def test_each_side_sees_its_own_messages_only(server: ThreadedSandbox, visitors: Visitors) -> None:
    server.break_with("page_conversation_ids_differ")
    therapist = visitors.new()
    therapist.sign_in_as_therapist()
    customer = ordered(visitors)
    therapist.page.locator("#accept-booking-btn").click()

    therapist.write("Good evening")
    therapist.sees("Good evening")

    assert customer.bubbles() == ["Booking request: longer, Male, Villa"]
    assert therapist.bubbles() == ["Good evening"]
    assert len({each["sessionId"] for each in server.documents("chat_messages")}) == 2


def test_accepting_is_refused_by_the_page_itself(server: ThreadedSandbox, visitors: Visitors) -> None:
    server.break_with("page_accept_refused")
    therapist = visitors.new()
    therapist.sign_in_as_therapist()
    ordered(visitors)

    therapist.page.locator("#accept-booking-btn").click()

    expect(therapist.page.get_by_role("alert")).to_contain_text("invalid transition from undefined to CONFIRMED")
    assert server.documents("bookings")[0]["status"] == "pending"


def test_sockets_are_opened_again_and_again(server: ThreadedSandbox, visitors: Visitors) -> None:
    server.break_with("page_socket_storm", {"sockets": 9})
    customer, opened = visitors.new(), list[str]()
    customer.page.on("websocket", lambda socket: opened.append(socket.url))

    customer.open_profile()

    for _ in range(9 - len(opened)):
        customer.page.wait_for_event("websocket")
    assert len([url for url in opened if ".undefined." in url]) == 9


@pytest.mark.parametrize(
    ("fault", "alert"),
    [
        pytest.param("page_wrong_collection", "Invalid document structure", id="another-collection"),
        pytest.param("page_empty_collection_id", "", id="no-id"),
        pytest.param("page_other_project", "Project with the requested ID could not be found", id="project"),
    ],
)
def test_a_wrong_configuration_is_told_to_the_customer(
    server: ThreadedSandbox, visitors: Visitors, fault: str, alert: str
) -> None:
    server.break_with(fault)

    customer = ordered(visitors)

    expect(customer.page.get_by_role("alert").last).to_contain_text(alert)
    empty = [urlsplit(url).path for url in customer.requested if "/collections//" in url]
    assert bool(empty) is (fault == "page_empty_collection_id")


def test_a_display_name_is_used_as_id(server: ThreadedSandbox, visitors: Visitors) -> None:
    server.break_with("page_name_as_id")

    customer = visitors.new()
    customer.open_profile(query="?profile=march&lang=en")
    customer.book(button="Book Now")
    customer.order()

    expect(customer.page.get_by_role("alert").last).to_contain_text("Chat Messages")
    assert server.documents("chat_messages") == []


def test_a_feature_that_is_switched_off_opens_no_chat(server: ThreadedSandbox, visitors: Visitors) -> None:
    server.break_with("page_feature_disabled")
    customer, opened = visitors.new(), list[str]()
    customer.page.add_init_script("window.open = (address) => console.log('opens', address)")
    customer.page.on("console", lambda message: opened.append(message.text))
    customer.open_profile()

    customer.page.get_by_role("button", name="Pesan Terapis").click()

    assert [text for text in opened if text.startswith("opens https://wa.me/")]
    assert customer.page.get_by_test_id("persistent-chat-window").count() == 0


def test_all_is_well_again_at_the_next_load(server: ThreadedSandbox, visitors: Visitors) -> None:
    for name in PAGE_FAULTS:
        server.break_with(name)
    server.mend()

    customer = ordered(visitors)

    customer.sees("Booking request")
    expect(customer.page.get_by_text("Live Monitoring")).to_be_visible()
    assert customer.errors == []
