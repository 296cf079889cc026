"""
What a run sends that Appwrite limits, and how much of it the monitor allows itself.

Appwrite's limits, of 1.5 to 1.9 (``appwrite-protocol.md`` 1.7): 120 creates, 120 updates and 60 deletes of documents
for each user and address, and 128 socket connects for each address, all in 60 s; 50 anonymous sign-ins and 100
sign-outs for each address in an hour. Ours are lower, since Appwrite's windows begin with the clock and ours slide.
"""

from dataclasses import dataclass
from enum import StrEnum


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
    """

    ours: int
    theirs: int
    seconds: float


LIMITS = {
    Limited.CREATES: Limit(ours=100, theirs=120, seconds=60.0),
    Limited.UPDATES: Limit(ours=100, theirs=120, seconds=60.0),
    Limited.DELETES: Limit(ours=50, theirs=60, seconds=60.0),
    Limited.CONNECTS: Limit(ours=100, theirs=128, seconds=60.0),
    Limited.ANONYMOUS_SIGN_INS: Limit(ours=45, theirs=50, seconds=3600.0),
    Limited.SIGN_OUTS: Limit(ours=90, theirs=100, seconds=3600.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """
    The most of *what* that one run sends; *identity* is who sends it, empty where Appwrite does not ask.
    """

    what: Limited
    count: int = 1
    identity: str = ""
