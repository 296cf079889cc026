"""
The collections of the booking platform: what its documents hold, and who may create them.

Bookings and rooms are created by guests too: so it was in January. From March on a customer signs in, books with the
status ``pending_accept``, and the platform's backend makes the chat record and the therapist's notification.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.sandbox.state.schema import Attribute

BOOKINGS = "bookings"
CHAT_SESSIONS = "chat_sessions"
CHAT_MESSAGES = "chat_messages"
CHAT_ROOMS = "chat_rooms"
NOTIFICATIONS = "notifications"
# The platform's second bookings collection, which nothing writes to.
OTHER_BOOKINGS = "bookings_collection_id"
THERAPISTS = "therapists_collection_id"
# The status of a booking that waits for its therapist, from March on.
WAITING = "pending_accept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    One collection; *indexed* are the attributes that have an index of their own. Attributes are not dated yet.
    """

    attributes: tuple[Attribute, ...]
    indexed: tuple[str, ...]
    permissions: tuple[str, ...] = ('create("users")',)
    document_security: bool = True


def _id_of(key: str) -> Attribute:
    return _text(key, size=36, required=True)


def _text(key: str, *, size: int, required: bool = False) -> Attribute:
    return Attribute(key=key, type="string", size=size, required=required, created_at="")


def _one_of(key: str, *elements: str) -> Attribute:
    return Attribute(key=key, type="string", format="enum", elements=elements, required=True, created_at="")


def _number(key: str, *, required: bool = False) -> Attribute:
    return Attribute(key=key, type="integer", minimum=0, maximum=100_000, required=required, created_at="")


def _flag(key: str) -> Attribute:
    return Attribute(key=key, type="boolean", created_at="")


def _moment(key: str, *, required: bool = False) -> Attribute:
    return Attribute(key=key, type="datetime", required=required, created_at="")


_STATUSES = ("pending", WAITING, "confirmed", "active", "declined", "cancelled", "expired", "completed")
_BOOKING = (
    _id_of("userId"),
    _id_of("therapistId"),
    _one_of("status", *_STATUSES),
    _number("durationMinutes"),
    _flag("paid"),
    _moment("startsAt", required=True),
    _moment("responseDeadline"),
    _flag("isTest"),
)
_SESSION = (
    _id_of("bookingId"),
    _id_of("userId"),
    _id_of("therapistId"),
    _one_of("status", "open", "closed"),
    _moment("openedAt"),
)
_MESSAGE = (
    _id_of("sessionId"),
    _id_of("senderId"),
    _text("text", size=2000, required=True),
    _flag("read"),
    _moment("sentAt"),
)
_ROOM = (
    _text("customerId", size=255, required=True),
    _text("customerName", size=255, required=True),
    _text("customerLanguage", size=10, required=True),
    _text("therapistName", size=255, required=True),
    _text("therapistLanguage", size=10, required=True),
    _text("therapistType", size=50, required=True),
    _text("status", size=50, required=True),
    _moment("expiresAt", required=True),
    _number("unreadCount", required=True),
    _text("bookingId", size=100),
    _text("therapistId", size=255),
    _moment("acceptedAt"),
    _moment("declinedAt"),
)
_NOTIFICATION = (
    _id_of("userId"),
    _one_of("kind", "booking", "message", "system"),
    _text("body", size=500),
    _flag("read"),
    _number("priority"),
    _moment("createdAtClient"),
    _text("relatedId", size=36),
)
_THERAPIST = (
    _text("name", size=255, required=True),
    _id_of("userId"),
    _text("location", size=255),
    _number("price"),
)

PLANS: Mapping[str, Plan] = {
    BOOKINGS: Plan(attributes=_BOOKING, indexed=("userId", "therapistId"), permissions=('create("any")',)),
    CHAT_SESSIONS: Plan(attributes=_SESSION, indexed=("bookingId",)),
    CHAT_MESSAGES: Plan(attributes=_MESSAGE, indexed=("sessionId",)),
    CHAT_ROOMS: Plan(attributes=_ROOM, indexed=("bookingId",), permissions=('create("any")',)),
    NOTIFICATIONS: Plan(attributes=_NOTIFICATION, indexed=("userId", "relatedId")),
    OTHER_BOOKINGS: Plan(attributes=_BOOKING, indexed=("userId",)),
    THERAPISTS: Plan(
        attributes=_THERAPIST,
        indexed=("userId",),
        permissions=('read("any")', 'create("users")'),
        document_security=False,
    ),
}
