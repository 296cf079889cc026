"""
Documents that one identity writes arrive as events at another one, once, in order, in time, and at nobody else.

A socket that connects and answers pings proves nothing: with Redis gone for one second, writes answer 201, health
passes, sockets connect, and no event arrives until realtime is restarted. Only an event proves delivery. And an event
at an eavesdropper proves that a private document is public, which is the worst that can be: it beats all other reasons.

Times count from the sending of each write, over a connection that is open already. A run of the example makes 14
requests and opens 3 sockets; where a plan counts reads and writes of documents, these are 2 and 6 of them: 43,200 and
129,600 in 30 days. One event and no eavesdropper make 7 requests and 2 writes.

Talks to:  Appwrite realtime as the reader and as each eavesdropper; REST as they and as the writer, and with the server
           key (documents.write; users.read only to say whose fault a refusal or a leak is). When no event comes at all,
           also realtime's own channel ``tests``, as a guest
Steps:     prepare, subscribe, write, event, listen, read_back (only when no event came), control (only when none did
           though the reader may read)
Fails as:  permission_excess   an eavesdropper gets events of the documents, or reads them over REST, also when a later
                               write was refused
           permission_missing  the writer may not create, or the reader may not read what was written
           no_event            events stayed out that the reader may see: the message says whether some did or all, of
                               this collection or of the control too, and whether the realtime process lives; the wait
                               is shorter than event_within when the deadline leaves no more, but not below 1s
           duplicate_event     an event came more than once
           late_event          an event came later than late_after, or, with ordered, after events of later writes
           not_found           the collection, or the user of an identity, does not exist; or it is disabled
           schema              the collection refuses a document that fits its own attributes, or the configured data
           unauthorized        the project lives elsewhere: a guest is refused there too
           wrong_answer        realtime refused the socket with error 1008
Leaves:    nothing; `events` documents per run, and one in the control collection when all events stay out, marked
           ``synthetic-``, removed with the server key after the run, which must be allowed to before the first is made

Example::

    chat-delivery:
      kind: realtime_delivery
      every: 2m
      timeout: 15s
      collection: chat_messages
      writer: customer
      reader: therapist
      readable_by: ["team:synthetic-pair"]
      events: 3
      objective: 500ms
      late_after: 3s
      eavesdroppers: [guest, stranger]
      control: notifications
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Self

from pydantic import Field, JsonValue, model_validator

from monitor.appwrite.answers import Collection
from monitor.appwrite.identities import roles_of, sign_in, sign_in_all
from monitor.appwrite.rest import Client
from monitor.core.check import Check, IdentityName, IdentityOrKey
from monitor.core.cost import Cost, Limited
from monitor.core.duration import Duration, show_duration
from monitor.core.errors import CheckFailed, MonitorError, OwnFault, fit
from monitor.core.identity import KEY, User
from monitor.core.reserve import keeping_back
from monitor.core.role import Role
from monitor.core.run import Run
from monitor.core.target import AppwriteId
from monitor.core.topic import Topic
from monitor.listening.audience import Audience, Stage, seat
from monitor.listening.deliveries import Limits, deliveries
from monitor.listening.delivery_verdict import Findings, remark, verdict
from monitor.listening.eavesdropping import addresses
from monitor.listening.outbox import Outbox
from monitor.listening.silence import Silence, examine

_LONGEST_ID = "x" * 36


class RealtimeDelivery(Check):
    """
    Writes documents and waits for their events, while others listen who must hear nothing.
    """

    topics = frozenset({Topic.EVENTS})

    timeout_seconds: Duration = Field(default=15.0, ge=0.1, description="deadline of a run; shorter than `every`")
    collection: AppwriteId = Field(description="id of the collection to write to")
    writer: IdentityOrKey = Field(description="who writes; `key` for what the platform's backend writes")
    reader: IdentityName = Field(description="who must receive the events")
    readable_by: tuple[Role, ...] = Field(
        default=(),
        description="roles that may read the documents, which the writer must hold: any, users, team:ID, user:ID …;"
        " none leaves it to the collection and Appwrite's defaults",
    )
    data: Mapping[str, JsonValue] = Field(
        default_factory=dict, description="attributes to write; the required ones not given here are made up"
    )
    events: int = Field(
        default=1, ge=1, le=20, description="documents per run; of several also their order is looked at"
    )
    ordered: bool = Field(
        default=False,
        description="whether events that overtake each other fail the run; Appwrite promises no order, so that by"
        " default they make it degraded",
    )
    event_within_seconds: Duration = Field(default=5.0, ge=0.1, description="later than this an event counts as lost")
    late_after_seconds: Duration | None = Field(
        default=None, description="an event slower than this is late and fails the run; event_within bounds it"
    )
    objective_seconds: Duration | None = Field(default=None, description="an event slower than this is degraded")
    settle_seconds: Duration = Field(
        default=0.3, description="after the last event, how long to listen on for duplicates and at eavesdroppers"
    )
    eavesdroppers: tuple[IdentityName, ...] = Field(
        default=(), description="who must neither receive nor be able to read anything of it"
    )
    control: AppwriteId | None = Field(
        default=None,
        description="another collection that the reader may read; written to with the server key when no event comes",
    )

    @model_validator(mode="after")
    def _leave_time_to_look(self) -> Self:
        if self.event_within_seconds >= self.timeout_seconds:
            raise ValueError(
                f"event_within ({show_duration(self.event_within_seconds)}) must be shorter than timeout"
                f" ({show_duration(self.timeout_seconds)}): signing in, writing and reading back need time too"
            )
        return self

    @model_validator(mode="after")
    def _order_limits(self) -> Self:
        late = self.late_after_seconds
        if late is not None and not (self.objective_seconds or 0.0) < late < self.event_within_seconds:
            raise ValueError(
                f"late_after ({show_duration(late)}) must be longer than objective and shorter than event_within"
                f" ({show_duration(self.event_within_seconds)}): an event is degraded first, then late, then lost"
            )
        return self

    @model_validator(mode="after")
    def _demand_sides(self) -> Self:
        if self.writer == self.reader:
            raise ValueError(
                f"writer and reader are both {self.writer}: delivery is proved by an event at somebody else"
            )
        names = [self.writer, self.reader, *self.eavesdroppers]
        if twice := next((name for name in self.eavesdroppers if names.count(name) > 1), ""):
            raise ValueError(f"{twice} is an eavesdropper and named once more: an eavesdropper takes no other part")
        if self.eavesdroppers and "any" in self.readable_by:
            raise ValueError("readable_by lets any read: nobody can be an eavesdropper then")
        if self.control == self.collection:
            raise ValueError(f"control is {self.control} itself: name another collection that the reader may read")
        return self

    def costs(self) -> tuple[Cost, ...]:
        sockets = len(addresses(_LONGEST_ID, self.collection, (_LONGEST_ID,) * self.events))
        # The reader's own, the eavesdroppers', and that of the tests channel.
        connects = Cost(what=Limited.CONNECTS, count=2 + len(self.eavesdroppers) * sockets)
        if self.writer == KEY:
            return (connects,)
        return (Cost(what=Limited.CREATES, count=self.events, identity=self.writer), connects)

    async def run(self, run: Run) -> None:
        stage = Stage(
            collection=self.collection,
            document_ids=tuple(run.new_id() for _ in range(self.events)),
            control=self.control,
            control_id=run.new_id(),
        )
        async with AsyncExitStack() as stack:
            async with run.step("prepare"):
                key = await sign_in(run, KEY, fresh=False)
                collection = await key.get_collection(self.collection)
                await key.demand_removal(self.collection)
                names = (self.writer, self.reader, *self.eavesdroppers)
                writer, reader, *eavesdroppers = await sign_in_all(run, names, fresh=False)
            # What follows the last event takes about as long as all this.
            reserve_seconds = min(max(self.settle_seconds + run.elapsed_seconds(), 0.2), self.timeout_seconds / 4)
            async with run.step("subscribe"):
                audience = await stack.enter_async_context(seat(stage, reader, eavesdroppers))
                self._demand_outsiders(run, audience)
            outbox = Outbox(key, writer, collection, given=self.data, roles=self.readable_by)
            scene = _Scene(run=run, key=key, audience=audience, outbox=outbox, collection=collection)
            with keeping_back(run, reserve_seconds):
                await self._write(scene)
            with keeping_back(run, min(0.2, self.timeout_seconds / 20)):
                await self._find_out(scene)

    def _demand_outsiders(self, run: Run, audience: Audience) -> None:
        writer = run.identities.get(self.writer)
        if isinstance(writer, User) and audience.reception.user_id == writer.user_id:
            text = f"{self.writer!r} and {self.reader!r} are one user: delivery is proved by an event at somebody else"
            raise OwnFault(fit(text), identity=self.reader)
        insiders = {audience.reception.user_id, *([writer.user_id] if isinstance(writer, User) else [])}
        for each in audience.eavesdroppers:
            each.demand_outsider(insiders=insiders, roles=self.readable_by)

    async def _write(self, scene: "_Scene") -> None:
        try:
            async with scene.run.step("write"):
                await scene.outbox.write(scene.audience.stage.document_ids)
        except MonitorError as error:
            # Whatever was written by then may already be public.
            scene.refused = error
            return
        with suppress(TimeoutError):
            async with scene.run.step("event"):
                await self._await_events(scene)

    async def _await_events(self, scene: "_Scene") -> None:
        run, last = scene.run, max(scene.outbox.written.values())
        until = min(last + self.event_within_seconds, run.elapsed_seconds() + run.remaining_seconds())
        if await scene.audience.hear(until_seconds=until):
            return
        if until < last + self.event_within_seconds:
            scene.waited_seconds = until - last
        # Marks the step as the one that failed; why, comes later.
        raise TimeoutError

    async def _find_out(self, scene: "_Scene") -> None:
        audience = scene.audience
        async with scene.run.step("listen"):
            await self._listen(scene)
            await audience.acquit(self.readable_by)
            is_told = audience.reception.arrivals or audience.ended
            if audience.leaks or (is_told and not scene.refused):
                self._judge(scene)
                return
        if scene.refused:
            raise scene.refused
        await self._ask_why(scene)
        await audience.acquit(self.readable_by)
        self._judge(scene)

    async def _listen(self, scene: "_Scene") -> None:
        run, audience = scene.run, scene.audience
        # Where nothing came all had time enough. Half of what is left is for what follows.
        is_over = not scene.outbox.written or not (audience.reception.arrivals or scene.refused)
        settle = 0.0 if is_over else min(self.settle_seconds, run.remaining_seconds() / 2)
        await audience.listen(until_seconds=run.elapsed_seconds() + settle)
        if scene.outbox.written and not audience.leaks:
            try:
                await audience.try_to_read()
            except MonitorError as error:
                # Without the answer nothing proves privacy; what is known to be wrong is worse.
                scene.unanswered = error

    async def _ask_why(self, scene: "_Scene") -> None:
        run, audience = scene.run, scene.audience
        try:
            async with run.step("read_back"):
                scene.readable = await audience.reader_can_read()
        except CheckFailed as error:
            run.note(read_back=error.message)
        if scene.readable is False and scene.collection.document_security:
            await self._demand_role(run)
        if scene.readable:
            async with run.step("control"):
                scene.silence = await examine(scene.key, audience.control, within_seconds=self.event_within_seconds)
        await audience.listen(until_seconds=run.elapsed_seconds())

    async def _demand_role(self, run: Run) -> None:
        """
        Raise ``OwnFault`` when the reader holds none of the roles that the documents were shared with.
        """
        try:
            roles = await roles_of(run, self.reader)
        except MonitorError as error:
            run.note(no_roles=str(error))
            return
        if self.readable_by and roles.isdisjoint(self.readable_by):
            named = " or ".join(self.readable_by)
            text = f"{self.reader!r} does not hold {named}: make him a member, or correct readable_by of this check"
            raise OwnFault(fit(text), identity=self.reader, roles=tuple(sorted(roles)))

    def _judge(self, scene: "_Scene") -> None:
        found = self._findings(scene)
        found.observe(scene.run)
        if error := verdict(found) or scene.unanswered:
            raise error
        if odd := remark(found):
            scene.run.degrade(odd.reason, odd.message)
        scene.run.hold_to(self.objective_seconds, took_seconds=found.slowest_seconds or 0.0, what="the event")

    def _findings(self, scene: "_Scene") -> Findings:
        limits = Limits(lost_after_seconds=self.event_within_seconds, late_after_seconds=self.late_after_seconds)
        arrivals = scene.audience.reception.arrivals
        written = scene.outbox.written
        if scene.refused:
            # Nobody waited for the others.
            came = {arrival.document_id for arrival in arrivals}
            written = {id_: seconds for id_, seconds in written.items() if id_ in came}
        return Findings(
            collection=self.collection,
            permissions=scene.collection.permissions,
            writer=self.writer,
            reader=self.reader,
            limits=limits,
            deliveries=deliveries(written, arrivals, limits),
            leaks=scene.audience.leaks,
            ended=scene.audience.ended,
            readable=scene.readable,
            silence=scene.silence,
            waited_seconds=scene.waited_seconds,
            ordered=self.ordered,
            shared_in_vain=bool(self.readable_by) and not scene.collection.document_security,
        )


@dataclass(slots=True, kw_only=True)
class _Scene:
    """
    What one run goes by. *refused* is what ended the writing, *unanswered* what kept an eavesdropper from being told.
    """

    run: Run
    key: Client
    audience: Audience
    outbox: Outbox
    collection: Collection
    refused: MonitorError | None = None
    unanswered: MonitorError | None = None
    waited_seconds: float | None = None
    readable: bool | None = None
    silence: Silence | None = None
