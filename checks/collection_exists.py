"""
A collection the app needs exists, under this id, and is enabled.

Talks to:  Appwrite REST, Get Database and Get Collection, with the server key. Users and guests cannot ask this: they
           get 401 for a collection that is there and for one that is not.
Steps:     database, collection
Fails as:  not_found     the database or the collection was deleted, renamed or disabled: its users get 404
           unauthorized  the project lives elsewhere: a guest is refused there too
Leaves:    nothing; two reads per run

Example::

    bookings-exist:
      kind: collection_exists
      every: 60s
      collection: bookings
"""

from pydantic import Field

from monitor.appwrite.identities import sign_in
from monitor.core.check import Check, Run
from monitor.core.errors import CheckFailed
from monitor.core.identity import KEY
from monitor.core.outcome import Reason
from monitor.core.target import AppwriteId


class CollectionExists(Check):
    """
    Asks for the metadata of one collection.
    """

    collection: AppwriteId = Field(description="id of the collection, not its display name")

    async def run(self, run: Run) -> None:
        key = await sign_in(run, KEY)
        async with run.step("database"):
            database = await key.get_database()
            _demand_enabled(f"database {run.target.database!r}", enabled=database.enabled)
        async with run.step("collection"):
            collection = await key.get_collection(self.collection)
            _demand_enabled(f"collection {self.collection!r}", enabled=collection.enabled)


def _demand_enabled(thing: str, *, enabled: bool) -> None:
    if not enabled:
        raise CheckFailed(
            Reason.NOT_FOUND,
            f"{thing} exists but is disabled, so that users get 404: enable it in the console under Settings",
            enabled=False,
        )
