"""
What a run sends that Appwrite limits, and how much of it the monitor allows itself.

Appwrite's limits, of 1.5 to 1.9 (``appwrite-protocol.md`` 1.7): 120 creates, 120 updates and 60 deletes of documents
for each user and address, and 128 socket connects for each address, all in 60 s; 50 anonymous sign-ins and 100
sign-outs for each address in an hour. Ours are lower, since Appwrite's windows begin with the clock and ours slide.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from monitor.core.identity import Guest, Identity, User


class Limited(StrEnum):
    """
    What Appwrite counts. Reads, and whatever the server key does, it does not count.
    """

    CREATES = "document creates"
    UPDATES = "document updates"
    DELETES = "document deletes"
    CONNECTS = "socket connects"
    ANONYMOUS_SIGN_INS = "anonymous sign-ins"
    SIGN_OUTS = "sign-outs"

    @property
    def per_identity(self) -> bool:
        """
        Whether each user has a count of its own; otherwise all share that of the monitor's address.
        """
        return self in {Limited.CREATES, Limited.UPDATES, Limited.DELETES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """
    At most *ours* within any *seconds*; Appwrite refuses more than *theirs*.

    A configuration may plan for *planned*: with nothing to spare, runs would wait for each other longer and longer.
    """

    planned: int
    ours: int
    theirs: int
    seconds: float


LIMITS = {
    Limited.CREATES: Limit(planned=90, ours=100, theirs=120, seconds=60.0),
    Limited.UPDATES: Limit(planned=90, ours=100, theirs=120, seconds=60.0),
    Limited.DELETES: Limit(planned=45, ours=50, theirs=60, seconds=60.0),
    Limited.CONNECTS: Limit(planned=90, ours=100, theirs=128, seconds=60.0),
    Limited.ANONYMOUS_SIGN_INS: Limit(planned=45, ours=48, theirs=50, seconds=3600.0),
    Limited.SIGN_OUTS: Limit(planned=90, ours=95, theirs=100, seconds=3600.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """
    The most of *what* that one run sends; *identity* is who sends it, empty where Appwrite does not ask.
    """

    what: Limited
    count: int = 1
    identity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """
    What Appwrite counts together: *what*, and where each user has a count of its own, of which *user*.

    *identity* is what messages call that user, who may have several names.
    """

    what: Limited
    user: str = ""
    identity: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.what} as {self.identity!r}" if self.user else str(self.what)


def bucket_of(what: Limited, identity_name: str, identities: Mapping[str, Identity]) -> Bucket:
    """
    Return where Appwrite counts *what* the declared identity sends.
    """
    if not what.per_identity:
        return Bucket(what=what)
    match identities.get(identity_name, Guest()):
        case User(user_id=user_id):
            user = user_id
        case Guest():
            # To Appwrite they are one user, who has no id; neither space may stand in an id.
            user = "the guests"
        case _:
            user = f"identity {identity_name}"
    return Bucket(what=what, user=user, identity=identity_name)
