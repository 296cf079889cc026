"""
What is seen of the state: all of it as it is stored, unless a fault says otherwise.

Handlers ask the ``World``, which passes what it holds through its view; nothing here ever changes what is stored.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.sandbox.state.accounts import Session
    from monitor.sandbox.state.functions import Function
    from monitor.sandbox.state.world import ApiKey, Collection, Database


class View:
    """
    Changes nothing; what a method returns None for seems not to exist.
    """

    def locate(self, collection_id: str) -> str:
        """
        Return the id under which a collection is stored that callers find under *collection_id*.
        """
        return collection_id

    def collection(self, collection: "Collection") -> "Collection | None":
        """
        Return *collection* as it is seen.
        """
        return collection

    def database(self, database: "Database") -> "Database | None":
        """
        Return *database* as it is seen.
        """
        return database

    def key(self, key: "ApiKey") -> "ApiKey | None":
        """
        Return *key* as it is seen.
        """
        return key

    def session(self, session: "Session") -> "Session | None":
        """
        Return *session* as it is seen.
        """
        return session

    def function(self, function: "Function") -> "Function | None":
        """
        Return *function* as it is seen.
        """
        return function

    def token_time(self, now: float) -> float:
        """
        Return the time, in seconds since the epoch, at which the expiry of a JWT is judged.
        """
        return now


class SeenSet(set[str]):
    """
    A set whose members are asked for through *seen*, which is told whether an item is really among them.
    """

    def __init__(self, stored: Iterable[str], seen: Callable[[str, bool], bool]) -> None:
        super().__init__(stored)
        self._seen = seen

    def __contains__(self, item: object) -> bool:
        return self._seen(str(item), super().__contains__(item))
