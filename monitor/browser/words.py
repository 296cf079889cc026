"""
By what customer and therapist find their way in the pages: ids, classes, names, and the words on buttons and fields.

Each is a list of what the site has used at some time, in both of its languages (``booking-platform.md`` 5.2). An entry
that begins with ``#``, ``.`` or ``[`` is a CSS selector, anything else the beginning of a text.
"""

import re
from functools import reduce
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

_OLD = "data-synthetic-old"

Role = Literal["button", "field", "text"]
Ways = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(min_length=1, max_length=20)]


class Words(BaseModel):
    """
    What the pages' elements are known by.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    book_now: Ways = Field(
        default=("[data-testid=book-now-button]", "Book Therapist", "Pesan Terapis", "Book Now", "Pesan Sekarang"),
        description="button that opens the chat window",
    )
    chat_window: Ways = Field(
        default=("[data-testid=persistent-chat-window]",), description="the window in which it is booked and chatted"
    )
    duration: Ways = Field(default=("1 Hour",), description="button of one duration")
    name: Ways = Field(default=("[name=customer_name]", "Enter your name"), description="field of the name")
    country_code: Ways = Field(default=("[name=country_code]",), description="choice of the country, if there is one")
    whatsapp: Ways = Field(
        default=("[name=whatsapp_number]", "812 3456 7890", "[type=tel]"), description="field of the number"
    )
    massage_for: Ways = Field(default=("Male",), description="button of whom the massage is for, if there is one")
    place: Ways = Field(default=("Villa",), description="button of the place, if there is one")
    venue: Ways = Field(
        default=("[name=hotel_villa_name]", "e.g. Villa Seminyak Estate", "e.g. Grand Hyatt Bali"),
        description="field of the villa's name, if there is one",
    )
    room: Ways = Field(default=("[name=room_number]", "e.g. Room 1205"), description="field of the room, if any")
    order: Ways = Field(default=("[data-testid=order-now-button]", "Order Now"), description="button that orders")
    countdown: Ways = Field(
        default=(".countdown-container", "Waiting for Therapist Response", "Therapist Response Countdown"),
        description="what shows how long the therapist may take to answer",
    )
    connecting: Ways = Field(default=("Connecting to Therapist",), description="what a stuck chat window says")
    password: Ways = Field(default=("[type=password]",), description="what shows that the page wants a sign-in")
    new_booking: Ways = Field(
        default=("#new-booking-title", "Permintaan Booking Baru", "New Booking Request"),
        description="what tells the therapist of a booking",
    )
    accept: Ways = Field(
        default=("#accept-booking-btn", "Terima Booking", "Accept Booking"), description="button that accepts it"
    )
    accepted: Ways = Field(
        default=("Booking confirmed", "Booking accepted", "Booking dikonfirmasi", "Booking diterima"),
        description="what tells the customer that it was accepted",
    )
    message: Ways = Field(
        default=("[name=chat_message]", "[placeholder*='Press Enter to send']"), description="field of a message"
    )


def find(page: "Page", ways: Ways, role: Role) -> "Locator":
    """
    Return the first element of *page* that is visible and that one of *ways* leads to.
    """
    return find_all(page, ways, role).first


def find_all(page: "Page", ways: Ways, role: Role) -> "Locator":
    """
    Return every element of *page* that is visible and that one of *ways* leads to.
    """
    each = [page.locator(way) if way[0] in "#.[" else _by_text(page, way, role) for way in ways]
    return reduce(lambda one, other: one.or_(other), each).locator("visible=true")


def find_new(page: "Page", ways: Ways, role: Role) -> "Locator":
    """
    Return those that have come since ``mark_old``.
    """
    return find_all(page, ways, role).and_(page.locator(f":not([{_OLD}])"))


def find_beside(page: "Page", ways: Ways, role: Role, *, text: str) -> "Locator":
    """
    Return the element that stands in the smallest part of the page in which *text* stands too.
    """
    here = page.locator("*").filter(has=_by_text(page, text, "text")).filter(has=find_all(page, ways, role))
    return here.last.locator(find_all(page, ways, role)).first


async def mark_old(page: "Page", ways: Ways, role: Role) -> None:
    """
    Have what is there by now known from what comes.
    """
    await find_all(page, ways, role).evaluate_all(f"all => all.forEach(each => each.setAttribute('{_OLD}', ''))")


def _by_text(page: "Page", text: str, role: Role) -> "Locator":
    # In whatever case, and not the beginning of a longer word.
    pattern = re.compile(rf"^\s*{re.escape(text)}(?![^\W\d])", re.IGNORECASE)
    match role:
        case "button":
            return page.get_by_role("button", name=pattern)
        case "field":
            return page.get_by_placeholder(pattern)
        case "text":
            return page.get_by_text(pattern)
