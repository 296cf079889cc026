"""
What a run makes in the target, from the intention on until its removal is confirmed.

The intention is written down before the request that makes it, so that no end of the run, and no end of the process,
can leave it behind unknown. What a leftover is, is data: whoever removes it may be another process, days later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from monitor.core.errors import CheckFailed
    from monitor.core.run import Run

# Everything that the monitor creates in the target begins so; nothing without it is ever updated or deleted.
MARK = "synthetic-"


class What(StrEnum):
    """
    The things that runs make.

    A *trace* is what the platform itself writes because of a document of ours, under an id of its own: it is known by
    an attribute that holds the id of that document. Accounts and sessions get their ids from Appwrite and bear no mark:
    until its answer has come, a *sign-in* is known by a mark that its session shows.
    """

    DOCUMENT = "document"
    TRACE = "trace"
    ACCOUNT = "account"
    SESSION = "session"
    SIGN_IN = "sign-in"
    ANONYMOUS_SIGN_IN = "anonymous sign-in"


class Fate(StrEnum):
    """
    What a run knows of something that it intended: the request may be on its way, it was made, or it is not there and
    nothing can come of it, since it was refused or has been removed.
    """

    INTENDED = "intended"
    MADE = "made"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """
    One thing. *id* is its own; of a trace that of the document it refers to, of a sign-in the mark of its session.

    *by* is what leads to it: of a trace the attribute that holds *id*, of a session the id of its user, of a sign-in
    his e-mail, and of an anonymous one the time, by the server's clock, before which the account was not there.
    """

    what: What
    id: str
    database: str = ""
    collection: str = ""
    by: str = ""

    @classmethod
    def document(cls, database: str, collection: str, id_: str) -> Self:
        """
        Return a document under an id of ours.
        """
        return cls(what=What.DOCUMENT, database=database, collection=collection, id=id_)

    @classmethod
    def trace(cls, database: str, collection: str, *, attribute: str, of: str) -> Self:
        """
        Return whatever in *collection* has the marked id *of* as its *attribute*.
        """
        return cls(what=What.TRACE, database=database, collection=collection, by=attribute, id=of)

    @classmethod
    def account(cls, user_id: str) -> Self:
        """
        Return an anonymous account.
        """
        return cls(what=What.ACCOUNT, id=user_id)

    @classmethod
    def session(cls, user_id: str, session_id: str) -> Self:
        """
        Return a session of a user.
        """
        return cls(what=What.SESSION, id=session_id, by=user_id)

    @classmethod
    def sign_in(cls, mark: str, *, email: str) -> Self:
        """
        Return a session of whoever has *email*, whose id nobody knows yet.
        """
        return cls(what=What.SIGN_IN, id=mark, by=email)

    @classmethod
    def anonymous_sign_in(cls, mark: str, *, since: str) -> Self:
        """
        Return an anonymous account whose id nobody knows yet, made after *since*, as Appwrite writes times.
        """
        return cls(what=What.ANONYMOUS_SIGN_IN, id=mark, by=since)

    @property
    def place(self) -> str:
        """
        Return where it is: the collection, or ``(accounts)`` and ``(sessions)``, which can be no ids of collections.
        """
        return self.collection or f"({self.what}s)"

    def __str__(self) -> str:
        match self.what:
            case What.TRACE:
                return f"what has {self.by} {self.id!r} in {self.collection!r}"
            case What.DOCUMENT:
                return f"document {self.id!r} in {self.collection!r}"
        return f"{self.what} {self.id!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """
    What a run found by writing: what it *failed* with, or that all was right though not as it should be (*degraded*).
    """

    failed: "CheckFailed | None" = None
    degraded: "CheckFailed | None" = None


class Journal(Protocol):
    """
    Where intentions are written down, and who sees to their end.
    """

    async def intend(self, run: "Run", leftovers: Sequence[Leftover]) -> None:
        """
        Write down that *run* is about to make *leftovers*; it survives the process when this returns.

        Raises ``OwnFault`` when too much is left already.
        """

    async def remove(self, run: "Run") -> None:
        """
        Remove all that *run* has made, as far as that can be done until its deadline; see to the rest later.
        """

    async def claim(self, run: "Run", *, every_seconds: float, per_hour: int | None) -> bool:
        """
        Return whether the check of *run* may write now: not again within *every_seconds*, and not oftener in an hour.

        One that may has been counted, also when the process ends the next moment.
        """

    def remember(self, run: "Run", finding: Remembered) -> None:
        """
        Keep what the check of *run* found when it wrote, for its runs that may not write.
        """

    def remembered(self, run: "Run") -> Remembered | None:
        """
        Return what the check of *run* found when it wrote last; None when this process does not know.
        """


class Unjournaled:
    """
    For runs that make nothing.
    """

    async def intend(self, run: "Run", leftovers: Sequence[Leftover]) -> None:  # noqa: ARG002 - the seam's signature
        return

    async def remove(self, run: "Run") -> None:  # noqa: ARG002 - the seam's signature
        return

    async def claim(self, run: "Run", *, every_seconds: float, per_hour: int | None) -> bool:  # noqa: ARG002 - the seam's signature
        return True

    def remember(self, run: "Run", finding: Remembered) -> None:  # noqa: ARG002 - the seam's signature
        return

    def remembered(self, run: "Run") -> Remembered | None:  # noqa: ARG002 - the seam's signature
        return None


UNJOURNALED = Unjournaled()


class Look(StrEnum):
    """
    What became of a leftover when somebody tried to remove it.

    *gone*: nothing of it is there, and nothing can come. *absent*: it is not there, or no more, and a request that was
    on its way may yet make it. *away*: its whole collection is not there. *stays*: it could not be removed.
    """

    GONE = "gone"
    ABSENT = "absent"
    AWAY = "away"
    STAYS = "stays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """
    How the removal of one leftover went: how many *documents* were deleted, or would be, and for what *error* it stays.

    *is_refused*: the monitor itself may not remove it, so that it must make nothing more.
    """

    look: Look
    documents: int = 0
    error: str = ""
    is_refused: bool = False


class Remover(Protocol):
    """
    Who knows how to remove things from the target.
    """

    async def remove(
        self, run: "Run", leftovers: Mapping[Leftover, Fate], *, dry: bool = False
    ) -> Mapping[Leftover, Removal]:
        """
        Remove *leftovers*, several at once, within the deadline of *run*; say of each how it went, and raise nothing.

        What was not seen to be made by this very run is read before it is deleted. *dry*: only look.
        """
