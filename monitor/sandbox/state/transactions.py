"""
Transactions: writes that are staged, seen by nobody else, and done together or not at all.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.core.clock import Clock
from monitor.sandbox.errors import AppwriteError, not_found
from monitor.sandbox.state.identifiers import stamp, unique_id

if TYPE_CHECKING:
    from monitor.sandbox.state.operations import Operation

MAX_OPERATIONS = 100
# The oldest are forgotten beyond it, as a real server's worker removes ended ones.
MAX_TRANSACTIONS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """
    One write that waits for the commit.
    """

    database_id: str
    collection_id: str
    at: str
    operation: "Operation"


@dataclass(slots=True, kw_only=True)
class Transaction:
    """
    One transaction; *owner* is the user who began it, None for a key or a guest.
    """

    id: str
    owner: str | None
    created_at: str
    updated_at: str
    expires_at: datetime
    status: str = "pending"
    staged: list[Staged] = field(default_factory=list)

    def shown(self) -> dict[str, object]:
        """
        Return the transaction as an answer shows it.
        """
        return {
            "$id": self.id,
            "$createdAt": self.created_at,
            "$updatedAt": self.updated_at,
            "status": self.status,
            "operations": len(self.staged),
            "expiresAt": stamp(self.expires_at),
        }


class Transactions:
    """
    All transactions of one project.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_id: OrderedDict[str, Transaction] = OrderedDict()

    def begin(self, *, owner: str | None, ttl_seconds: int) -> Transaction:
        """
        Begin one.
        """
        now = self._clock.now()
        transaction = Transaction(
            id=unique_id(),
            owner=owner,
            created_at=stamp(now),
            updated_at=stamp(now),
            expires_at=now + timedelta(seconds=ttl_seconds),
        )
        self._by_id[transaction.id] = transaction
        if len(self._by_id) > MAX_TRANSACTIONS:
            self._by_id.popitem(last=False)
        return transaction

    def visible(self, *, owner: str | None, to_key: bool) -> list[Transaction]:
        """
        Return those that a user may see; a key sees all, a guest none.
        """
        return [each for each in self._by_id.values() if to_key or (owner is not None and each.owner == owner)]

    def find(self, id_: str, *, owner: str | None, to_key: bool) -> Transaction:
        """
        Return one that may be seen.
        """
        found = self._by_id.get(id_)
        if found is None or not (to_key or (owner is not None and found.owner == owner)):
            raise not_found("transaction", id_)
        return found

    def remove(self, transaction: Transaction) -> None:
        """
        Forget one.
        """
        del self._by_id[transaction.id]

    def require_open(self, transaction: Transaction, *, room_for: int = 0) -> None:
        """
        Refuse to go on with one that has ended, has expired, or has no room for that many writes more.
        """
        if transaction.status != "pending":
            raise AppwriteError(
                400, "transaction_not_ready", "The transaction is not ready yet. Please try again later."
            )
        self.require_unexpired(transaction)
        if len(transaction.staged) + room_for > MAX_OPERATIONS:
            message = (
                f"Transaction already has {len(transaction.staged)} operations,"
                f" adding {room_for} would exceed the maximum of {MAX_OPERATIONS}"
            )
            raise AppwriteError(400, "transaction_limit_exceeded", message)

    def require_unexpired(self, transaction: Transaction) -> None:
        """
        Refuse to go on with one whose time is over.
        """
        if self._clock.now() > transaction.expires_at:
            message = "The transaction has expired. Please create a new transaction and try again."
            raise AppwriteError(410, "transaction_expired", message)

    def stage(self, transaction: Transaction, *staged: Staged) -> None:
        """
        Add writes.
        """
        transaction.staged.extend(staged)
        transaction.updated_at = stamp(self._clock.now())

    def end(self, transaction: Transaction, status: str) -> None:
        """
        Say how one ended: ``committed`` or ``failed``.
        """
        transaction.status = status
        transaction.updated_at = stamp(self._clock.now())
