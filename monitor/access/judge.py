"""
Fills a permission matrix by really doing what it is about, as every identity, on the canary of each collection.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from monitor.access.access import ROLES_OF_GUESTS
from monitor.access.canary import Canary
from monitor.access.matrix import Cell, Expectation, Matrix
from monitor.appwrite.failures import failed
from monitor.appwrite.obstacles import Obstacles, is_of_identity
from monitor.appwrite.rest import Client
from monitor.core.errors import MonitorError, OwnFault, fit
from monitor.core.identity import Guest
from monitor.core.manifest import Action
from monitor.core.outcome import Reason
from monitor.core.permissions import permission, roles_granted
from monitor.core.run import Run

# Nobody is kept from signing up, and from verifying himself.
_ROLES_OF_ALL_USERS = frozenset({"any", "users", "users/verified", "users/unverified"})


class Judge:
    """
    Notes in *matrix* what each of *clients* (by identity) may do over REST; *key* acts with the server key.

    What keeps it from that goes to *obstacles*; whose credentials are refused meanwhile is taken out of *clients*.
    *oddities*: what contradicts itself, in words. *public*: collection → documents that by permissions of their own
    are read by guests or by whoever signs up, id → those permissions.
    """

    def __init__(
        self, run: Run, matrix: Matrix, obstacles: Obstacles, *, key: Client, clients: Mapping[str, Client]
    ) -> None:
        self.clients = dict(clients)
        self.canaries: dict[str, Canary] = {}
        self.oddities: list[str] = []
        self.public: dict[str, dict[str, tuple[str, ...]]] = {}
        self._run = run
        self._matrix = matrix
        self._obstacles = obstacles
        self._key = key

    async def ask(self, collection: str, given: Mapping[str, object], *, may_be_public: bool) -> None:
        """
        Judge the cells of one collection; what hinders one of them hinders no other, unless it would hinder all.

        *given*: attributes of the canary. *may_be_public*: single documents may show themselves to everybody.
        """
        try:
            canary = await self._place(collection, given)
        except MonitorError as error:
            self._obstacles.add_of_collection(error)
            return
        questions = [self._judge_create, self._judge_read, self._judge_update, self._judge_delete]
        if not may_be_public and canary.collection.document_security:
            # Without document security documents have no say.
            questions.append(self._look_for_public_documents)
        for name in tuple(self.clients):
            for question in questions:
                if client := self.clients.get(name):
                    with self._noting(name):
                        await question(name, client, canary)

    async def _place(self, collection: str, given: Mapping[str, object]) -> Canary:
        live = await self._key.get_collection(collection)
        if not live.enabled:
            text = f"collection {collection!r} is disabled, so that clients get 404: enable it in the console"
            raise failed(Reason.NOT_FOUND, f"{text} under Settings", collection=collection, enabled=False)
        canary = Canary(self._key, live, given)
        await canary.place()
        self.canaries[collection] = canary
        if not canary.can_change:
            self._obstacles.add(_unchangeable(collection))
        return canary

    @contextmanager
    def _noting(self, name: str) -> Iterator[None]:
        try:
            yield
        except MonitorError as error:
            if is_of_identity(error, name):
                self.clients.pop(name, None)
                self._obstacles.add(error)
            else:
                self._obstacles.add_of_collection(error)

    async def _judge_create(self, name: str, client: Client, canary: Canary) -> None:
        self._matrix.note(_cell(name, canary, Action.CREATE), allowed=await canary.may_create(client))

    async def _judge_read(self, name: str, client: Client, canary: Canary) -> None:
        cell = _cell(name, canary, Action.READ)
        got = await canary.may_get(client)
        self._matrix.note(cell, allowed=got)
        listed = await canary.may_list(client)
        self._matrix.note_either(cell, allowed=(got, listed))
        if got is not listed:
            shown, hidden = ("get", "list") if got else ("list", "get")
            self.oddities.append(f"{cell}: {shown} shows the document, {hidden} does not")

    async def _judge_update(self, name: str, client: Client, canary: Canary) -> None:
        if canary.can_change:
            self._matrix.note(_cell(name, canary, Action.UPDATE), allowed=await canary.may_update(client))

    async def _judge_delete(self, name: str, client: Client, canary: Canary) -> None:
        deleted = await canary.may_delete(client)
        self._matrix.note(_cell(name, canary, Action.DELETE), allowed=deleted)
        if deleted:
            await canary.restore()

    async def _look_for_public_documents(self, name: str, client: Client, canary: Canary) -> None:
        cell = _cell(name, canary, Action.READ)
        # Where everything may be read, or is, documents have no say.
        if self._matrix.expectation(cell) is Expectation.ALLOWED or not self._matrix.is_right(cell):
            return
        is_guest = isinstance(self._run.identities.get(name), Guest)
        everybody = ROLES_OF_GUESTS if is_guest else _ROLES_OF_ALL_USERS
        for document in await canary.own_documents(client):
            # What is shared with this user, or with a team of his, is not public.
            if roles := roles_granted(document.permissions, Action.READ) & everybody:
                self._publish(canary.collection.id, document.id, roles)
                self._matrix.note(cell, allowed=True)

    def _publish(self, collection: str, document_id: str, roles: frozenset[str]) -> None:
        found = self.public.setdefault(collection, {})
        granted = {permission(Action.READ, role) for role in roles}
        found[document_id] = tuple(sorted(granted.union(found.get(document_id, ()))))


def _cell(name: str, canary: Canary, action: Action) -> Cell:
    return Cell(identity=name, collection=canary.collection.id, action=action)


def _unchangeable(collection: str) -> OwnFault:
    text = (
        f"no attribute of {collection!r} can be given a second value, so that no update proves a thing:"
        " leave the collection out of collections"
    )
    return OwnFault(fit(text), collection=collection)
