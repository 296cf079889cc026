"""
Who gets which event.

Connections are indexed by project and channel, so that a write looks only at those who listen to one of its channels.
An event reaches a connection whose roles meet the roles of the event: the collection's readers, plus the document's
when document security is on. Disabled collections still send.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.sandbox.protocol.answers import dump
from monitor.sandbox.protocol.authorization import roles_for
from monitor.sandbox.protocol.caller import CONSOLE
from monitor.sandbox.protocol.socket import frame_of
from monitor.sandbox.realtime.connection import Connection, Subscription
from monitor.sandbox.realtime.events import Write, channels_of, names_of
from monitor.sandbox.realtime.filters import passes
from monitor.sandbox.realtime.subscriptions import Asked
from monitor.sandbox.state.accounts import User
from monitor.sandbox.state.world import Collection, Document, World

# The built-in self-check: sent straight to the sockets, past everything that a document event needs.
TESTS_CHANNEL = "tests"
TESTS_INTERVAL_SECONDS = 5.0
# Late deliveries beyond it are lost: no fault may grow this process without end.
MAX_LATE_DELIVERIES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """
    One event; *roles* are those who may get it.
    """

    project: str
    names: Sequence[str]
    channels: Sequence[str]
    roles: frozenset[str]
    payload: Mapping[str, object]
    timestamp: str


class Hub:
    """
    The subscriptions of all connections.

    *sends_close_codes*: refusals end with a close frame, as a later server may do; *masks_messages*: the texts of most
    errors are hidden, as in production. Both may be set at any time.
    """

    def __init__(self, world: World, *, relay: Callable[[Sequence[str]], Sequence[float]]) -> None:
        self.connections: set[Connection] = set()
        self.tests_interval_seconds = TESTS_INTERVAL_SECONDS
        self.sends_close_codes = False
        self.masks_messages = True
        self._world = world
        self._relay = relay
        self._listeners: dict[tuple[str, str], dict[Connection, dict[str, Subscription]]] = {}
        self._late: set[asyncio.TimerHandle] = set()
        self._tests: asyncio.Task[None] | None = None
        self._holds = False

    @property
    def late_deliveries(self) -> int:
        """
        How many deliveries are still under way.
        """
        return len(self._late)

    def join(self, connection: Connection) -> None:
        """
        Take a new connection in; while frames are held, its first one is too.
        """
        self.connections.add(connection)
        if self._holds:
            connection.hold()

    def leave(self, connection: Connection) -> None:
        """
        Forget a connection that ended.
        """
        for subscription_id in tuple(connection.subscriptions):
            self.unsubscribe(connection, subscription_id)
        self.connections.discard(connection)
        connection.ended.set()

    def subscribe(self, connection: Connection, asked: Asked) -> None:
        """
        Add a subscription, or more channels to the one of this id; what was asked of other channels stays.
        """
        subscription = connection.subscriptions.setdefault(asked.id, {})
        for channel in asked.channels:
            subscription[channel] = asked.queries
            listeners = self._listeners.setdefault((connection.project or "", channel), {})
            listeners.setdefault(connection, {})[asked.id] = subscription
        if (CONSOLE, TESTS_CHANNEL) in self._listeners and self._tests is None:
            self._tests = asyncio.create_task(self._send_tests(), name="sandbox tests channel")

    def unsubscribe(self, connection: Connection, subscription_id: str) -> bool:
        """
        Remove a subscription; return whether there was one.
        """
        subscription = connection.subscriptions.pop(subscription_id, None)
        for channel in subscription or ():
            place = (connection.project or "", channel)
            listeners = self._listeners.get(place, {})
            listeners.get(connection, {}).pop(subscription_id, None)
            if not listeners.get(connection):
                listeners.pop(connection, None)
            if not listeners:
                self._listeners.pop(place, None)
        if (CONSOLE, TESTS_CHANNEL) not in self._listeners:
            self._stop_tests()
        return subscription is not None

    def listeners_of(self, channel: str) -> int:
        """
        Return how many connections listen to a channel of the project.
        """
        return len(self._listeners.get((self._world.project, channel), {}))

    def refresh_roles(self, user: User) -> None:
        """
        Give the open sockets of *user* the roles that he has now: only memberships are pushed to sockets.
        """
        for connection in self.connections:
            if connection.user_id == user.id:
                connection.identify(replace(connection.caller, user=user))

    def publish(self, action: str, collection: Collection, document: Document, payload: Mapping[str, object]) -> None:
        """
        Tell the subscribers of a document what was done to it.
        """
        roles = roles_for(collection.permissions, "read")
        if collection.document_security:
            roles += roles_for(document.permissions, "read")
        database = self._world.databases.get(collection.database_id)
        write = Write(
            action=action,
            database=collection.database_id,
            collection=collection.id,
            document=document.id,
            family=database.type if database else "legacy",
            by_tables="$tableId" in payload,
        )
        self.announce(
            names=names_of(write), channels=channels_of(write, self._world.profile), roles=roles, payload=payload
        )

    def announce(
        self, *, names: Sequence[str], channels: Sequence[str], roles: Iterable[str], payload: Mapping[str, object]
    ) -> None:
        """
        Tell those of *roles* who listen to one of *channels*; more than ``MAX_LATE_DELIVERIES`` under way are lost.
        """
        event = Event(
            project=self._world.project,
            names=names,
            channels=channels,
            roles=frozenset(roles),
            payload=payload,
            timestamp=self._world.now(),
        )
        for delay_seconds in self._relay(channels):
            if not delay_seconds:
                self._send(event)
            elif len(self._late) < MAX_LATE_DELIVERIES:
                self._send_late(event, delay_seconds)

    def hold(self) -> None:
        """
        Let every frame wait, also those of new connections; what exceeds a connection's bound ends it.
        """
        self._holds = True
        for connection in tuple(self.connections):
            connection.hold()

    def release(self) -> None:
        """
        Send all that waited, in order.
        """
        self._holds = False
        for connection in tuple(self.connections):
            connection.release()

    def drop_all(self) -> None:
        """
        End every connection at once, as a killed server does; new ones may come.
        """
        for connection in tuple(self.connections):
            connection.abort()

    def stop(self) -> None:
        """
        End every connection and forget what is under way.
        """
        self._stop_tests()
        for handle in self._late:
            handle.cancel()
        self._late.clear()
        self.drop_all()

    def _send_late(self, event: Event, delay_seconds: float) -> None:
        def send() -> None:
            self._late.discard(handle)
            self._send(event)

        handle = asyncio.get_running_loop().call_later(delay_seconds, send)
        self._late.add(handle)

    def _send(self, event: Event) -> None:
        receivers = self._receivers(event)
        if not receivers:
            return
        head, names_subscriptions = _head(event), self._world.profile.tablesdb_channels
        whole = None if names_subscriptions else frame_of(head + b"}}")
        for connection, subscription_ids in receivers.items():
            ids = dump(list(subscription_ids)).encode()
            connection.send_frame(whole or frame_of(b'%b,"subscriptions":%b}}' % (head, ids)))

    def _receivers(self, event: Event) -> dict[Connection, dict[str, None]]:
        receivers: dict[Connection, dict[str, None]] = {}
        for channel in event.channels:
            for connection, subscriptions in self._listeners.get((event.project, channel), {}).items():
                if not event.roles or ("any" not in event.roles and event.roles.isdisjoint(connection.roles)):
                    continue
                for id_, subscription in subscriptions.items():
                    if passes(subscription[channel], event.payload):
                        receivers.setdefault(connection, {})[id_] = None
        return receivers

    async def _send_tests(self) -> None:
        while True:
            # On the beat of the process, whenever somebody came: a real server's timer runs all the time.
            interval = self.tests_interval_seconds
            await asyncio.sleep(interval - asyncio.get_running_loop().time() % interval)
            self._send(
                Event(
                    project=CONSOLE,
                    names=["test.event"],
                    channels=[TESTS_CHANNEL],
                    roles=frozenset({"any"}),
                    payload={"response": "WS:/v1/realtime:passed"},
                    timestamp=self._world.now(),
                )
            )

    def _stop_tests(self) -> None:
        if self._tests is not None:
            self._tests.cancel()
            self._tests = None


def _head(event: Event) -> bytes:
    """
    All but the subscriptions, which differ from one receiver to the next; written once for all of them.
    """
    data = {
        "events": event.names,
        "channels": event.channels,
        "timestamp": event.timestamp,
        "payload": event.payload,
    }
    return f'{{"type":"event","data":{dump(data)[:-1]}'.encode()
