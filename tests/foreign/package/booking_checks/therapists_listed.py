"""
Customers find therapists: the public list is not empty.

A site that cannot read it falls back to sample data, and looks well.

Talks to:  Appwrite REST, List Documents, as a guest
Steps:     list
Fails as:  not_found           the collection of therapists does not exist
           permission_missing  guests may not list it
           wrong_answer        fewer therapists than expected
Leaves:    nothing; one read per run

Example::

    therapists-listed:
      kind: therapists_listed
      collection: therapists_collection_id
      at_least: 1
"""

from pydantic import Field

from monitor.appwrite.identities import sign_in
from monitor.core.check import Check, IdentityName
from monitor.core.errors import CheckFailed
from monitor.core.outcome import Reason
from monitor.core.run import Run
from monitor.core.target import AppwriteId


class TherapistsListed(Check):
    """
    Lists therapists as a visitor does.
    """

    collection: AppwriteId = Field(description="id of the collection of therapists")
    identity: IdentityName = Field(default="guest", description="who lists")
    at_least: int = Field(default=1, ge=1, description="fewest therapists that a visitor must find")

    async def run(self, run: Run) -> None:
        visitor = await sign_in(run, self.identity)
        async with run.step("list"):
            page = await visitor.list_documents(self.collection)
        if page.total < self.at_least:
            raise CheckFailed(
                Reason.WRONG_ANSWER,
                f"{page.total} therapists listed, expected at least {self.at_least}: look at the collection",
                listed=page.total,
            )
