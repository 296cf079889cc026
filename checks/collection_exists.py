"""
A collection the app needs exists, under this id, and is enabled.

Where it does not, what was probably meant is looked for: an id that is really a display name, a similar id, the same id
in another database, another project or region.

Talks to:  Appwrite REST, Get Database and Get Collection, with the server key, and where one is missing List Databases
           and List Collections. Users and guests cannot ask this: they get 401 for a collection that is there and for
           one that is not.
Steps:     database, collection, near_miss (only when one of them was refused)
Fails as:  not_found     the database or the collection was deleted, renamed or disabled: its users get 404; or the
                         project is unknown here
           unauthorized  the project lives in another region than the endpoint, whose key is unknown here
Leaves:    nothing; two reads per run, a few more when one is missing

Example::

    bookings-exist:
      kind: collection_exists
      every: 60s
      collection: bookings
"""

from pydantic import Field

from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.identities import sign_in
from monitor.appwrite.near_miss import explained
from monitor.appwrite.rest import Client
from monitor.core.check import Check
from monitor.core.errors import CheckFailed
from monitor.core.identity import KEY
from monitor.core.outcome import Reason
from monitor.core.run import Run
from monitor.core.target import AppwriteId
from monitor.core.topic import Topic

# Of what is left of the deadline: what was found out first must be told before it.
_PATIENCE = 0.8


class CollectionExists(Check):
    """
    Asks for the metadata of one collection.
    """

    topics = frozenset({Topic.COLLECTION})

    collection: AppwriteId = Field(description="id of the collection, not its display name")

    async def run(self, run: Run) -> None:
        key = await sign_in(run, KEY)
        try:
            async with run.step("database"):
                database = await key.get_database()
                _demand_enabled(f"database {run.target.database!r}", enabled=database.enabled, database=database.id)
            async with run.step("collection"):
                collection = await key.get_collection(self.collection)
                _demand_enabled(f"collection {self.collection!r}", enabled=collection.enabled, collection=collection.id)
        except AppwriteError as refusal:
            raise await self._explained(run, key, refusal) from None

    async def _explained(self, run: Run, key: Client, refusal: AppwriteError) -> CheckFailed:
        async with run.step("near_miss"):
            patience_seconds = _PATIENCE * run.remaining_seconds()
            return await explained(key, self.collection, refusal, within_seconds=patience_seconds)


def _demand_enabled(thing: str, *, enabled: bool, **about: str) -> None:
    if not enabled:
        raise CheckFailed(
            Reason.NOT_FOUND,
            f"{thing} exists but is disabled, so that users get 404: enable it in the console under Settings",
            enabled=False,
            **about,
        )
