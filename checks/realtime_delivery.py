"""
A document that one identity writes arrives as a realtime event at another one, in time.

A socket that connects and answers pings proves nothing: with Redis gone for one second, writes answer 201, health
passes, sockets connect, and no event arrives until realtime is restarted. Only an event proves delivery.

Talks to:  Appwrite realtime as the reader; REST as the writer, as the reader, and with the server key
Steps:     prepare, subscribe, write, event, read_back (only when no event came)
Fails as:  no_event            the reader may read what was written, but no event came: the pipeline is dead
           permission_missing  the writer may not create, or the reader may not read what was written
           not_found           the collection, or the user of an identity, does not exist
           schema              the collection refuses a document that fits its own attributes, or the configured data
           unauthorized        the server key or an identity was refused
           wrong_answer        realtime refused the socket with error 1008
Leaves:    nothing; one document per run, marked ``synthetic-``, removed with the server key after the run

Example::

    chat-delivery:
      kind: realtime_delivery
      every: 60s
      timeout: 15s
      collection: chat_messages
      writer: customer
      reader: therapist
      readable_by: ["team:synthetic-pair"]
      objective: 500ms
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Annotated, Self

from pydantic import Field, JsonValue, model_validator

from monitor.appwrite.identities import sign_in
from monitor.appwrite.realtime import Subscription, subscribe
from monitor.appwrite.rest import Client
from monitor.appwrite.sample import sample_data
from monitor.core.check import Check, IdentityName, IdentityOrKey, Run
from monitor.core.duration import Duration, show_duration
from monitor.core.errors import CheckFailed
from monitor.core.identity import KEY
from monitor.core.outcome import EventResult, EvidenceValue, Reason
from monitor.core.target import AppwriteId

# Appwrite's roles: any, guests, users[/verified], user:ID[/verified], team:ID[/ROLE], member:ID, label:NAME.
Role = Annotated[
    str,
    Field(
        pattern=r"^(any|guests|users(/(un)?verified)?|user:[\w.-]+(/(un)?verified)?|(team:[\w.-]+(/[\w.-]+)?)|(member|label):[\w.-]+)$"
    ),
]


class RealtimeDelivery(Check):
    """
    Writes one document and waits for its event.
    """

    timeout_seconds: Duration = Field(default=15.0, ge=0.1, description="deadline of a run; shorter than `every`")
    collection: AppwriteId = Field(description="id of the collection to write to")
    writer: IdentityOrKey = Field(description="who writes; `key` for what the platform's backend writes")
    reader: IdentityName = Field(description="who must receive the event")
    readable_by: tuple[Role, ...] = Field(
        default=(),
        description="roles that may read the document, which the writer must hold: any, users, team:ID, user:ID …;"
        " none leaves it to the collection and Appwrite's defaults",
    )
    data: Mapping[str, JsonValue] = Field(
        default_factory=dict, description="attributes to write; the required ones not given here are made up"
    )
    event_within_seconds: Duration = Field(default=5.0, ge=0.1, description="later than this the event counts as lost")
    objective_seconds: Duration | None = Field(default=None, description="an event slower than this is degraded")

    @model_validator(mode="after")
    def _leave_time_to_look(self) -> Self:
        if self.event_within_seconds >= self.timeout_seconds:
            raise ValueError(
                f"event_within ({show_duration(self.event_within_seconds)}) must be shorter than timeout"
                f" ({show_duration(self.timeout_seconds)}): signing in, writing and reading back need time too"
            )
        return self

    @model_validator(mode="after")
    def _demand_two_sides(self) -> Self:
        if self.writer == self.reader:
            raise ValueError(
                f"writer and reader are both {self.writer}: delivery is proved by an event at somebody else"
            )
        return self

    async def run(self, run: Run) -> None:
        document_id = run.new_id()
        async with AsyncExitStack() as stack:
            async with run.step("prepare"):
                key = await sign_in(run, KEY)
                data = sample_data(await key.get_collection(self.collection), self.data)
                writer, reader = await sign_in(run, self.writer), await sign_in(run, self.reader)
            async with run.step("subscribe"):
                channel = f"databases.{run.target.database}.collections.{self.collection}.documents"
                socket = await stack.enter_async_context(subscribe(reader, [channel], run=run))
            async with run.step("write"):
                run.clean_up(key.remove_document, self.collection, document_id)
                written = run.elapsed_seconds()
                permissions = [f'read("{role}")' for role in self.readable_by] or None
                await writer.create_document(self.collection, document_id, data, permissions)
            try:
                async with run.step("event"):
                    took = await self._delivery_seconds(run, socket, document_id, written)
            except TimeoutError:
                run.observe_event(EventResult.LOST)
                async with run.step("read_back"):
                    readable = await self._is_readable(reader, document_id)
                raise self._silence(readable=readable) from None
            else:
                run.observe_event(EventResult.DELIVERED, delivery_seconds=took)
                run.hold_to(self.objective_seconds, took_seconds=took, what="the event")

    async def _delivery_seconds(self, run: Run, socket: Subscription, document_id: str, written: float) -> float:
        while True:
            left = written + self.event_within_seconds - run.elapsed_seconds()
            event = await socket.next_event(max(0.0, left))
            if event.payload.get("$id") == document_id:
                return event.received_seconds - written

    async def _is_readable(self, reader: Client, document_id: str) -> bool:
        try:
            await reader.get_document(self.collection, document_id)
        except CheckFailed as error:
            # Appwrite answers 404 for what may not be read.
            if error.reason is Reason.NOT_FOUND:
                return False
            raise
        return True

    def _silence(self, *, readable: bool) -> CheckFailed:
        facts: dict[str, EvidenceValue] = {"collection": self.collection, "identity": self.reader, "readable": readable}
        if readable:
            within = show_duration(self.event_within_seconds)
            return CheckFailed(
                Reason.NO_EVENT,
                f"no event of {self.collection!r} at {self.reader!r} within {within}, though it can read the document:"
                " restart realtime, then check its Redis pub/sub",
                **facts,
            )
        return CheckFailed(
            Reason.PERMISSION_MISSING,
            f"{self.reader!r} may not read what {self.writer!r} wrote to {self.collection!r}, so no event can come:"
            " grant read on the collection, or name a role in readable_by",
            **facts,
        )
