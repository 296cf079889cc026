"""
A platform with look-alikes in it, the monitor that watches it, and what is there that was not there before.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from types import MappingProxyType

from tests.kill.deadly import DeadlySandbox
from tests.kill.export import Export, differences, export
from tests.kill.lookalikes import plant
from tests.kill.processes import Nursery, Process

# Every kind that writes. The checks of one place never run at the same time, but for the soak's.
CHECKS: Mapping[str, str] = MappingProxyType(
    {
        "january": "kind: booking_to_chat, customer: guest, therapist: therapist,"
        " profile: {like: january, notification: {within: 2s, objective: 1s}}",
        "march": "kind: booking_to_chat, customer: customer, therapist: therapist,"
        ' profile: {like: march, share: ["team:synthetic-pair"], chat: {within: 2s, objective: 1s},'
        " notification: {within: 2s, objective: 1s}}",
        "ends": "kind: booking_ends, customer: customer, therapist: therapist, keep: 200ms,"
        " profile: {like: march, chat: {within: 2s, objective: 1s}, notification: {within: 2s, objective: 1s}}",
        "delivery": "kind: realtime_delivery, collection: chat_messages, writer: customer, reader: therapist,"
        ' readable_by: ["team:synthetic-pair"], eavesdroppers: [guest], events: 3',
        "access": "kind: permission_matrix, identities: [guest, customer], quiet: 200ms, access:"
        " {chat_messages: {guest: [], customer: [create]}, therapists_collection_id:"
        " {guest: [read], customer: [read, create]}}, data: {therapists_collection_id: {location: nowhere}}",
        "login": "kind: login, identity: login",
        "password": "kind: websocket_connect, identity: login",
        "anonymous": "kind: websocket_connect, identity: anonymous",
    }
)
_STORE = "monitor.db"
# What a daemon may do every three seconds, of which Appwrite allows so many requests.
BUSY = (("january", "march"), ("ends", "access"), ("march", "ends"), ("january", "access"), ("delivery",))


class Place:
    """
    One sandbox and one configuration; ``place_in`` makes it.
    """

    def __init__(self, sandbox: DeadlySandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.before: Export = {}
        self._folder = folder
        self._numbers = count(1)
        self._store = folder

    async def begin(self) -> None:
        """
        Begin anew: with a store of its own, and with the target as it is now.
        """
        self._store = self._folder / f"store-{next(self._numbers)}"
        self._store.mkdir()
        self.before = await export(self.sandbox)

    def configure(self, name: str, checks: Mapping[str, str]) -> None:
        """
        Write the configuration *name* with *checks*.
        """
        sandbox = self.sandbox
        entries = "".join(f"  {check}: {{{settings}}}\n" for check, settings in checks.items())
        login = f"{{kind: password, email: {sandbox.customer.email}, password: {sandbox.customer.password}}}"
        (self._folder / f"{name}.yaml").write_text(
            f"target: {{name: sandbox, endpoint: '{sandbox.endpoint}', project: {sandbox.project},"
            f" database: {sandbox.database}, api_key: {sandbox.api_key}}}\n"
            "identities:\n  guest: {kind: guest}\n  customer: {kind: user, user_id: synthetic-customer}\n"
            "  therapist: {kind: user, user_id: synthetic-therapist}\n  anonymous: {kind: anonymous}\n"
            f"  login: {login}\nweb: {{listen: 127.0.0.1:0}}\nengine: {{clean_up: 5s}}\nchecks:\n{entries}"
        )

    def arguments(self, *command: str, config: str) -> tuple[tuple[str, ...], dict[str, str]]:
        """
        Return how *command* is called with the configuration *config*, and its environment.
        """
        name, *rest = command
        path = str(self._folder / f"{config}.yaml")
        return (name, "-c", path, *rest), {"MONITOR_STORE__PATH": str(self._store / _STORE)}

    async def start(self, nursery: Nursery, *command: str, config: str = "checks", **hindrances: object) -> Process:
        """
        Start the monitor with *command*, such as ``once march``.
        """
        arguments, environment = self.arguments(*command, config=config)
        return await nursery.start(*arguments, environment=environment, **hindrances)

    async def sweep(self, nursery: Nursery) -> str:
        """
        Let ``monitor sweep`` look once; return what it says.
        """
        process = await self.start(nursery, "sweep")
        code = await process.code()
        assert code == 0, f"monitor sweep ended with {code}: {process.output}"
        return process.output

    async def differences(self) -> list[str]:
        """
        Return what is not as it was.
        """
        return differences(self.before, await export(self.sandbox))


@asynccontextmanager
async def place_in(folder: Path, *, checks: Mapping[str, str] = CHECKS) -> AsyncIterator[Place]:
    """
    Start a sandbox with look-alikes in it, and configure *checks* for it.
    """
    await asyncio.to_thread(folder.mkdir, parents=True)
    async with DeadlySandbox() as sandbox:
        plant(sandbox)
        place = Place(sandbox, folder)
        place.configure("checks", {name: f"every: 1h, timeout: 30s, {text}" for name, text in checks.items()})
        idle = f"kind: http_endpoint, every: 1h, timeout: 5s, url: '{sandbox.endpoint}/health/version'"
        place.configure("idle", {"idle": idle})
        for number, names in enumerate(BUSY):
            busy = {name: f"{checks[name]}, every: 3s, timeout: 2900ms, event_within: 1s" for name in names}
            place.configure(f"busy-{number}", busy)
        yield place
