"""
The platform's backend: makes the chat record and the therapist's notification of a booking that waits for him.

It hears of writes as a function does that events trigger, and acts on nothing but a new document in ``bookings`` with
the status ``pending_accept`` and the id of a therapist: right after the writer was answered, by the booking as it was
written. What is refused is not made; the booking stands. Of one that is gone by then, nothing is made.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial

from monitor.sandbox.booking_platform import BOOKINGS, CHAT_SESSIONS, NOTIFICATIONS, THERAPISTS, WAITING
from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.functions.by_key import Record, create
from monitor.sandbox.protocol.routing import Publisher
from monitor.sandbox.state.accounts import User
from monitor.sandbox.state.world import Collection, Document, World


class Backend:
    """
    Passes everything on to *publisher*, and acts on it; *delay* says how many seconds late it makes what belongs in a
    collection, None that it never does.
    """

    def __init__(self, world: World, publisher: Publisher, *, delay: Callable[[str], float | None]) -> None:
        self._world = world
        self._publisher = publisher
        self._delay = delay

    def publish(self, action: str, collection: Collection, document: Document, payload: Mapping[str, object]) -> None:
        """
        Announce a write; what a new booking needs is made once its writer is answered.
        """
        self._publisher.publish(action, collection, document, payload)
        if action == "create" and collection.id == BOOKINGS and document.data.get("status") == WAITING:
            self._take_up(collection, document)

    def announce(
        self, *, names: Sequence[str], channels: Sequence[str], roles: Iterable[str], payload: Mapping[str, object]
    ) -> None:
        """
        Announce anything else.
        """
        self._publisher.announce(names=names, channels=channels, roles=roles, payload=payload)

    def refresh_roles(self, user: User) -> None:
        """
        Give the open sockets of *user* the roles that he has now.
        """
        self._publisher.refresh_roles(user)

    def _take_up(self, bookings: Collection, booking: Document) -> None:
        therapist_user = self._user_of_therapist(bookings.database_id, booking.data.get("therapistId"))
        if therapist_user is None:
            return
        for record in (
            self._chat_record(bookings.database_id, booking, therapist_user),
            _notification(bookings.database_id, booking, therapist_user),
        ):
            delay_seconds = self._delay(record.collection_id)
            if delay_seconds is not None:
                # Never at once: whoever books is answered first.
                make = partial(self._make, record, bookings, booking.id)
                asyncio.get_running_loop().call_later(delay_seconds, make)

    def _make(self, record: Record, bookings: Collection, booking_id: str) -> None:
        if booking_id in bookings.documents:
            with suppress(AppwriteError):
                create(self._world, self._publisher, record)

    def _user_of_therapist(self, database_id: str, therapist_id: object) -> str | None:
        therapists = self._world.collection(database_id, THERAPISTS)
        therapist = therapists.documents.get(therapist_id) if therapists and isinstance(therapist_id, str) else None
        user_id = therapist and therapist.data.get("userId")
        return user_id if isinstance(user_id, str) else None

    def _chat_record(self, database_id: str, booking: Document, therapist_user: str) -> Record:
        customer = booking.data.get("userId")
        people = [customer] if isinstance(customer, str) and customer in self._world.accounts.users else []
        return Record(
            database_id=database_id,
            collection_id=CHAT_SESSIONS,
            data={
                "bookingId": booking.id,
                "userId": customer,
                "therapistId": booking.data.get("therapistId"),
                "status": "open",
                "openedAt": self._world.now(),
            },
            permissions=_shared_with(*people, therapist_user),
        )


def _notification(database_id: str, booking: Document, therapist_user: str) -> Record:
    return Record(
        database_id=database_id,
        collection_id=NOTIFICATIONS,
        data={
            "userId": therapist_user,
            "kind": "booking",
            "body": "New booking",
            "read": False,
            "relatedId": booking.id,
        },
        permissions=_shared_with(therapist_user),
    )


def _shared_with(*users: object) -> list[str]:
    return [f'{action}("user:{each}")' for each in dict.fromkeys(users) for action in ("read", "update")]
