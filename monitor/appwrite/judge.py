"""
Fills a permission matrix by really doing what it is about, as every identity, on the canary of each collection.
"""

from collections.abc import Mapping

from monitor.appwrite.canary import Canary
from monitor.appwrite.failures import failed
from monitor.appwrite.listeners import Listeners, listeners
from monitor.appwrite.rest import Client
from monitor.core.errors import CheckFailed
from monitor.core.identity import Guest
from monitor.core.manifest import Action
from monitor.core.matrix import Cell, Expectation, Matrix, Way
from monitor.core.outcome import CellState, Reason
from monitor.core.permissions import permission, roles_granted
from monitor.core.run import Run

# These are about one collection; the others can be judged even so.
_OF_ONE_COLLECTION = {Reason.NOT_FOUND, Reason.SCHEMA}
_ROLES_OF_GUESTS = frozenset({"any", "guests"})


class Judge:
    """
    Notes in *matrix* what each of *clients* (by identity) may do; *key* acts with the server key.

    *obstacles*: what kept it from judging a collection. *oddities*: what contradicts itself, in words. *public*:
    collection → documents that guests may read by permissions of their own, id → those permissions.
    """

    def __init__(self, run: Run, matrix: Matrix, *, key: Client, clients: Mapping[str, Client]) -> None:
        self.canaries: dict[str, Canary] = {}
        self.obstacles: list[CheckFailed] = []
        self.oddities: list[str] = []
        self.public: dict[str, dict[str, tuple[str, ...]]] = {}
        self._run = run
        self._matrix = matrix
        self._key = key
        self._clients = clients

    async def ask(self, collection: str, given: Mapping[str, object], *, may_be_public: bool) -> None:
        """
        Judge the cells of REST of one collection; what hinders that is noted when it is about this collection alone.

        *given*: attributes of the canary. *may_be_public*: single documents may show themselves to guests.
        """
        try:
            canary = await self._place(collection, given)
            for name, client in self._clients.items():
                await self._ask_as(name, client, canary)
                if not may_be_public:
                    await self._look_for_public_documents(name, client, canary)
        except CheckFailed as error:
            if error.reason not in _OF_ONE_COLLECTION:
                raise
            self.obstacles.append(error)

    async def listen(self, *, within_seconds: float, quiet_seconds: float) -> None:
        """
        Judge the cells of realtime of the collections that have a canary.
        """
        canaries, may = self.canaries, self._matrix.may
        if not canaries:
            return
        async with listeners(self._run, self._clients, {name: each.id for name, each in canaries.items()}) as audience:
            self._demand_own_names(audience)
            for canary in canaries.values():
                await canary.touch()
            expected = {
                name: {each.id for collection, each in canaries.items() if Action.READ in may[collection][name]}
                for name in self._clients
            }
            await audience.listen(expected, within_seconds=within_seconds, quiet_seconds=quiet_seconds)
        for collection, canary in canaries.items():
            for name, heard in audience.heard.items():
                cell = Cell(identity=name, collection=collection, action=Action.READ, way=Way.REALTIME)
                self._matrix.note(cell, allowed=canary.id in heard)

    async def _place(self, collection: str, given: Mapping[str, object]) -> Canary:
        live = await self._key.get_collection(collection)
        if not live.enabled:
            text = f"collection {collection!r} is disabled, so that clients get 404: enable it in the console"
            raise failed(Reason.NOT_FOUND, f"{text} under Settings", collection=collection, enabled=False)
        canary = Canary(self._key, live, given)
        await canary.place()
        self.canaries[collection] = canary
        return canary

    async def _ask_as(self, name: str, client: Client, canary: Canary) -> None:
        def cell(action: Action) -> Cell:
            return Cell(identity=name, collection=canary.collection.id, action=action)

        self._matrix.note(cell(Action.CREATE), allowed=await canary.may_create(client))
        reading = await canary.may_read(client)
        if reading.got is not reading.listed:
            shown, hidden = ("get", "list") if reading.got else ("list", "get")
            self.oddities.append(f"{cell(Action.READ)}: {shown} shows the document, {hidden} does not")
        self._matrix.note_either(cell(Action.READ), allowed=(reading.got, reading.listed))
        self._matrix.note(cell(Action.UPDATE), allowed=await canary.may_update(client))
        self._matrix.note(cell(Action.DELETE), allowed=await canary.may_delete(client))

    async def _look_for_public_documents(self, name: str, client: Client, canary: Canary) -> None:
        collection = canary.collection
        cell = Cell(identity=name, collection=collection.id, action=Action.READ)
        is_denied = self._matrix.expectation(cell) is Expectation.DENIED
        # Without document security, and where everything may be read, documents have no say.
        if not (is_denied and collection.document_security and self._matrix.state(cell) is CellState.RIGHT):
            return
        if not isinstance(self._run.identities.get(name), Guest):
            return
        for document in await canary.public_documents(client):
            shown_to = sorted(roles_granted(document.permissions, Action.READ) & _ROLES_OF_GUESTS)
            found = self.public.setdefault(collection.id, {})
            found[document.id] = tuple(permission(Action.READ, role) for role in shown_to)
            self._matrix.note(cell, allowed=True)

    def _demand_own_names(self, audience: Listeners) -> None:
        for name, client in self._clients.items():
            if client.credentials and audience.sockets[name].user_id is None:
                text = f"realtime takes {name!r} for a guest, though REST knows the user: restart realtime"
                raise failed(Reason.UNAUTHORIZED, text, identity=name)
