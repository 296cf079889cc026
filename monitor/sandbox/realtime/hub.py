"""
Who gets which event.

Connections are indexed by project and channel, so that a write looks only at those who listen to one of its channels.
An event reaches a connection whose roles meet the roles of the event: the collection's readers, plus the document's
when document security is on. Disabled collections still send.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.sandbox.protocol.answers import dump
from monitor.sandbox.protocol.authorization import roles_for
from monitor.sandbox.protocol.caller import CONSOLE
from monitor.sandbox.realtime.connection import Connection
from monitor.sandbox.realtime.events import channels_of, names_of
from monitor.sandbox.realtime.subscriptions import Subscription
from monitor.sandbox.state.world import Collection, Document, World

# The built-in self-check: sent straight to the sockets, past everything that a document event needs.
TESTS_CHANNEL = "tests"
TESTS_INTERVAL_SECONDS = 5.0


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


class Hub:
    """
    The subscriptions of all connections.
    """

    def __init__(self, world: World, *, relay: Callable[[Sequence[str]], Sequence[float]]) -> None:
        self._world = world
        self._relay = relay
        self._listeners: dict[tuple[str, str], dict[Connection, dict[str, Subscription]]] = {}
        self._tests: asyncio.Task[None] | None = None
        self.connections: set[Connection] = set()
        self.tests_interval_seconds = TESTS_INTERVAL_SECONDS

    def subscribe(self, connection: Connection, subscription: Subscription) -> None:
        """
        Add a subscription, or replace the one with its id.
        """
        connection.subscriptions[subscription.id] = subscription
        for channel in subscription.channels:
            listeners = self._listeners.setdefault((connection.project or "", channel), {})
            listeners.setdefault(connection, {})[subscription.id] = subscription
        if (CONSOLE, TESTS_CHANNEL) in self._listeners and self._tests is None:
            self._tests = asyncio.create_task(self._send_tests(), name="sandbox tests channel")

    def unsubscribe(self, connection: Connection, subscription_id: str) -> bool:
        """
        Remove a subscription; return whether there was one.
        """
        subscription = connection.subscriptions.pop(subscription_id, None)
        for channel in subscription.channels if subscription else ():
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

    def leave(self, connection: Connection) -> None:
        """
        Forget a connection that ended.
        """
        for subscription_id in list(connection.subscriptions):
            self.unsubscribe(connection, subscription_id)
        self.connections.discard(connection)
        connection.ended.set()

    def publish(self, action: str, collection: Collection, document: Document, payload: Mapping[str, object]) -> None:
        """
        Tell the subscribers of a document what was done to it.
        """
        roles = roles_for(collection.permissions, "read")
        if collection.document_security:
            roles += roles_for(document.permissions, "read")
        ids = {"database": collection.database_id, "collection": collection.id, "document": document.id}
        self.announce(
            names=names_of(action=action, **ids),
            channels=channels_of(action=action, **ids),
            roles=roles,
            payload=payload,
        )

    def announce(
        self, *, names: Sequence[str], channels: Sequence[str], roles: Iterable[str], payload: Mapping[str, object]
    ) -> None:
        """
        Tell those of *roles* who listen to one of *channels*.
        """
        event = Event(
            project=self._world.project, names=names, channels=channels, roles=frozenset(roles), payload=payload
        )
        for delay_seconds in self._relay(channels):
            if delay_seconds:
                asyncio.get_running_loop().call_later(delay_seconds, self._send, event)
            else:
                self._send(event)

    def stop(self) -> None:
        """
        End every connection.
        """
        self._stop_tests()
        for connection in tuple(self.connections):
            connection.abort()

    def _send(self, event: Event) -> None:
        receivers = self._receivers(event.project, event.channels, event.payload)
        if not receivers or not event.roles:
            return
        frame = self._frame(event)
        for connection, subscription_ids in receivers.items():
            if "any" in event.roles or not event.roles.isdisjoint(connection.caller.roles):
                connection.send(frame + dump(subscription_ids) + "}}")

    def _receivers(
        self, project: str, channels: Iterable[str], payload: Mapping[str, object]
    ) -> dict[Connection, list[str]]:
        receivers: dict[Connection, list[str]] = {}
        for channel in channels:
            for connection, subscriptions in self._listeners.get((project, channel), {}).items():
                for id_, subscription in subscriptions.items():
                    ids = receivers.get(connection, [])
                    if id_ not in ids and subscription.wants(payload):
                        receivers.setdefault(connection, []).append(id_)
        return receivers

    def _frame(self, event: Event) -> str:
        """
        All but the subscriptions, which differ from one receiver to the next; the rest is written once.
        """
        data = {
            "events": event.names,
            "channels": event.channels,
            "timestamp": self._world.now(),
            "payload": event.payload,
        }
        return f'{{"type":"event","data":{dump(data)[:-1]},"subscriptions":'

    async def _send_tests(self) -> None:
        while True:
            await asyncio.sleep(self.tests_interval_seconds)
            self._send(
                Event(
                    project=CONSOLE,
                    names=["test.event"],
                    channels=[TESTS_CHANNEL],
                    roles=frozenset({"any"}),
                    payload={"response": "WS:/v1/realtime:passed"},
                )
            )

    def _stop_tests(self) -> None:
        if self._tests is not None:
            self._tests.cancel()
            self._tests = None
