"""
Bookings as the customer's page of March writes them, and what the platform's backend makes of them.
"""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

from monitor.sandbox import seed
from monitor.sandbox.protocol.family import COLLECTIONS, Family
from monitor.sandbox.state.world import Document
from tests.sandbox.client import Client, Reply
from tests.sandbox.states import documents_path

BOOKING: Mapping[str, object] = {
    "userId": seed.CUSTOMER,
    "therapistId": seed.THERAPIST_DOCUMENT,
    "status": "pending_accept",
    "startsAt": "2026-01-01T10:00:00.000+00:00",
}
AS_IT_IS: Mapping[str, object] = MappingProxyType({})
PAIR = [f'{action}("team:{seed.TEAM}")' for action in ("read", "update")]
OF_BACKEND = ("chat_sessions", "notifications")


def with_people(client: Client) -> Client:
    """
    Make the three users known to *client*.
    """
    for name in ("customer", "therapist", "stranger"):
        client.sign_in(name, f"synthetic-{name}")
    return client


async def book(
    client: Client, *, data: Mapping[str, object] = AS_IT_IS, family: Family = COLLECTIONS, into: str = "bookings"
) -> Reply:
    """
    Book as the customer does, but for *data*.
    """
    path = documents_path(client.sandbox.database, family=family, collection=into)
    body = {family.document_id: "unique()", "data": {**BOOKING, **data}, "permissions": PAIR}
    return await client.call("POST", path, by="customer", body=body)


def made(client: Client) -> dict[str, list[Document]]:
    """
    Return what the backend has made.
    """
    stored = client.sandbox.world.collections
    return {id_: list(stored[id_].documents.values()) for id_ in OF_BACKEND if id_ in stored}


async def settled() -> None:
    """
    Let everything happen that is due: it needs no more than a few turns of the loop.
    """
    for _ in range(10):
        await asyncio.sleep(0)
