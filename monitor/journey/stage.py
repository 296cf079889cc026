"""
What a journey is played on: the two sides with their sockets, the platform's backend, and the facts of this run.

A journey is a check whose ``play`` reads like its story, one ``async with stage.step("create_booking"):`` per sentence.
What the sentences do stands in the modules ``booking``, ``answer``, ``ending``, ``chat``, ``message`` and ``notice``.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from types import TracebackType

from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.identities import roles_of, sign_in_all
from monitor.appwrite.rest import Client
from monitor.core.errors import CheckFailed, MonitorError, OwnFault, fit
from monitor.core.identity import KEY, User
from monitor.core.leftover import MARK
from monitor.core.manifest import Manifest
from monitor.core.outcome import EventResult, Reason
from monitor.core.redaction import excerpt
from monitor.core.run import Run
from monitor.journey.parts import Record, Therapist
from monitor.journey.profile import Profile
from monitor.journey.share import permissions_of, shared_by_backend
from monitor.journey.side import Side
from monitor.journey.template import fill_all, made_up

# Where a platform has it, it marks test data for its own reports.
_TEST_MARK = "isTest"
_SAID_CHARACTERS = 130
_NO_COLLECTION = frozenset({"collection_not_found", "table_not_found"})


class Stage:
    """
    Everything that the sentences of one journey share; ``stage_of`` makes it.

    *facts* are the placeholders' values; *tokens*: whatever an event must name to be of this run.
    """

    def __init__(self, run: Run, profile: Profile, *, event_within_seconds: float) -> None:
        self.run = run
        self.profile = profile
        self.event_within_seconds = event_within_seconds
        self.facts = made_up(run.started_at)
        # Of the messages that are not written by a function, and of a notification that the monitor writes.
        self.ids: dict[str, str] = {}
        self.tokens: set[str] = {self.facts["text"], self.facts["reply"]}
        # In every event of this run stands one of these: what the run makes itself begins alike.
        self._named = {f"{MARK}{run.id}", *self.tokens}
        # When the last write was answered: what comes after that is the event's own time, and not the write's.
        self.answered_seconds = 0.0
        self.customer: Side
        self.therapist: Side
        self.backend: Client
        self._stack = AsyncExitStack()

    @property
    def answered_keys(self) -> tuple[str, ...]:
        """
        The attributes of a booking that say whether it was answered, or has ended.
        """
        answers = (self.profile.accept, self.profile.decline, self.profile.expiry)
        return tuple(dict.fromkeys(key for each in answers if each is not None for key in each.data))

    def step(self, name: str, *, objective_seconds: float | None = None) -> AbstractAsyncContextManager[None]:
        """
        Time one sentence; a failure says in which it was, and what each side saw until then.
        """
        return _Sentence(self, name, self.run.step(name, objective_seconds=objective_seconds))

    async def failure(self, name: str, error: CheckFailed) -> CheckFailed:
        """
        Return *error* as the failure of the sentence *name*.
        """
        for side in (getattr(self, "customer", None), getattr(self, "therapist", None)):
            if isinstance(side, Side):
                await side.take_in()
        evidence = {**error.evidence, **self._sight(), "step": name, "profile": self.profile.name}
        message = error.message
        if isinstance(error, AppwriteError) and error.reason is Reason.SCHEMA and error.server_message:
            # The server names the attribute, and what it may be.
            who = error.evidence.get("identity")
            message = f"what {who!r} writes was refused: {excerpt(error.server_message, characters=_SAID_CHARACTERS)}"
        return CheckFailed(error.reason, fit(f"{name}: {message}"), **evidence)

    async def sign_in(self, customer: str, therapist: str) -> None:
        """
        Sign both sides in, and the backend, and choose what the booking is called.

        Raises ``OwnFault`` when both are one user.
        """
        who = (KEY, customer, therapist)
        self.backend, *sides = await sign_in_all(self.run, who, fresh=False)
        self.customer, self.therapist = Side("customer", sides[0]), Side("therapist", sides[1])
        customer_id, therapist_id = [await self._user_id(side) for side in (self.customer, self.therapist)]
        if customer_id == therapist_id:
            raise OwnFault(f"{customer!r} and {therapist!r} are one user: a journey needs two")
        self.facts |= {"customer": customer_id, "therapist": therapist_id, "therapist_user": therapist_id}
        self.name_booking()

    async def find_therapist(self) -> None:
        """
        Have the therapist find his own document, by which bookings name him, where the profile has such.
        """
        if self.profile.therapist is not None:
            self.facts["therapist"] = await self._own_document(self.profile.therapist)

    def name_booking(self) -> None:
        """
        Choose the ids of a booking, of the chat where the platform does not choose it, and of what follows.
        """
        self.ids = {name: self.run.new_id() for name in ("message", "reply", "notification")}
        self.facts |= {"booking": self.run.new_id(), "chat": self.run.new_id()}
        self.tokens |= {self.facts["booking"], self.facts["chat"]}

    def name_chat(self, id_: str) -> None:
        """
        Take the id that the platform has given to the chat's record.
        """
        self.facts["chat"] = id_
        self.tokens.add(id_)
        self._named.add(id_)

    async def subscribe(self) -> None:
        """
        Open the sockets of both, one after the other, until the end of the journey: the therapist's dashboard, and the
        customer's chat window.
        """
        profile, listens = self.profile, {self.therapist: [self.profile.dashboard.collection]}
        listens[self.therapist] += [profile.message.collection]
        listens[self.therapist] += [profile.notification.collection] if profile.notification else []
        listens[self.customer] = [profile.booking.collection, (profile.reply or profile.message).collection]
        for side, collections in listens.items():
            family, database = side.client.family, self.run.target.database
            channels = dict.fromkeys(family.channel(database, each) for each in collections)
            await self._stack.enter_async_context(side.listening(tuple(channels), self.tokens, named=self._named))

    async def close(self) -> None:
        """
        Close the sockets.
        """
        await self._stack.aclose()

    async def write(self, side: Client, record: Record, *, id_: str, data: Mapping[str, object]) -> float:
        """
        Have *side* write a document that both can see; return the second of the run at which that was sent.
        """
        share, users = self.profile.share, self._users()
        sent_seconds = self.run.elapsed_seconds()
        granted = permissions_of(share, writer=side.identity, users=users)
        try:
            await side.create_document(record.collection, id_, data, granted)
        except AppwriteError as error:
            raise await self._meaning(side, error) from error
        if share == "backend" and side.identity != KEY:
            sent_seconds = self.run.elapsed_seconds()
            await self.backend.update_document(record.collection, id_, permissions=shared_by_backend(users))
        self.note_answer()
        return sent_seconds

    def note_answer(self) -> None:
        """
        Note that what is listened for next has just been written.
        """
        self.answered_seconds = self.run.elapsed_seconds()

    @property
    def event_until_seconds(self) -> float:
        """
        Until when, in seconds of the run, the event of the last write may come.
        """
        return self.answered_seconds + self.event_within_seconds

    def writer_of(self, record: Record) -> Client:
        """
        Return who writes *record*, which the platform does not write by itself.
        """
        return self.customer.client if record.by == "customer" else self.backend

    def values(self, data: Mapping[str, object], collection: str) -> dict[str, object]:
        """
        Return *data* with this run's facts in it, marked as a test where *collection* has an attribute for that.
        """
        filled = self.filled(data)
        return {_TEST_MARK: True, **filled} if _is_markable(self.run.manifest, collection) else filled

    def filled(self, values: Mapping[str, object]) -> dict[str, object]:
        """
        Return *values* with this run's facts in them.
        """
        return fill_all(values, self.facts)

    def observe_delivery(self, received_seconds: float, *, sent_seconds: float) -> None:
        """
        Note an event, for which the current step has waited, and hold it to its objective.
        """
        self.run.observe_event(EventResult.DELIVERED, delivery_seconds=received_seconds - sent_seconds)
        took_seconds = received_seconds - max(sent_seconds, self.answered_seconds)
        what = f"{self.run.current_step}: the event"
        self.run.hold_to(self.profile.objectives.event_seconds, took_seconds=took_seconds, what=what)

    async def _user_id(self, side: Side) -> str:
        identity = self.run.identities.get(side.client.identity)
        if isinstance(identity, User):
            return identity.user_id
        # Pages make up an id for a guest, too.
        return self.run.new_id() if side.is_guest else (await side.client.get_account()).id

    async def _own_document(self, therapist: Therapist) -> str:
        where = self.filled(therapist.where)
        found = await self.therapist.find(therapist.collection, where)
        if len(found) == 1:
            return found[0].id
        text = (
            f"{len(found)} documents of {therapist.collection!r} are the therapist's ({', '.join(where)}), expected 1"
        )
        raise CheckFailed(Reason.NOT_FOUND, fit(f"{text}: give the test therapist one of his own"))

    async def _meaning(self, side: Client, error: AppwriteError) -> MonitorError:
        """
        Return what a refused write means: granting a role that one does not hold is the configuration's mistake.
        """
        roles = self.profile.share
        if error.reason is not Reason.PERMISSION_MISSING or not isinstance(roles, tuple) or side.identity == KEY:
            return error
        try:
            held = await roles_of(self.run, side.identity, client=side)
        except MonitorError:
            return error
        foreign = [role for role in roles if role not in held]
        if not foreign:
            return error
        text = f"{side.identity!r} does not hold {foreign[0]!r}, and Appwrite lets nobody grant such a role"
        return OwnFault(fit(f"{text}: correct share of the profile, or make him a member"), identity=side.identity)

    def _users(self) -> list[str]:
        return [side.user_id for side in (self.customer, self.therapist) if side.user_id]

    def _sight(self) -> dict[str, tuple[str, ...]]:
        sides = {name: getattr(self, name, None) for name in ("customer", "therapist")}
        return {f"{name}_saw": side.saw for name, side in sides.items() if isinstance(side, Side)}


class _Sentence(AbstractAsyncContextManager[None]):
    """
    ``async with`` around a sentence; a class and not a generator, since a journey has some seventeen.
    """

    def __init__(self, stage: Stage, name: str, timer: AbstractAsyncContextManager[None]) -> None:
        self._stage = stage
        self._name = name
        self._timer = timer

    async def __aenter__(self) -> None:
        await self._timer.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._timer.__aexit__(kind, error, trace)
        if isinstance(error, CheckFailed):
            raise await self._stage.failure(self._name, error) from error


@asynccontextmanager
async def stage_of(run: Run, profile: Profile, *, event_within_seconds: float) -> AsyncIterator[Stage]:
    """
    Give the stage of one journey; its sockets are closed at the end.
    """
    stage = Stage(run, profile, event_within_seconds=event_within_seconds)
    try:
        yield stage
    finally:
        await stage.close()


def switched_off(record: Record, error: AppwriteError) -> CheckFailed:
    """
    Return what *error*, met while somebody used *record*, means: the flow is switched off where that is optional.
    """
    if not (record.optional and error.type in _NO_COLLECTION):
        return error
    text = f"collection {record.collection!r}, declared optional, is not there: the flow is switched off"
    return CheckFailed(Reason.DISABLED, fit(text), collection=record.collection)


def _is_markable(manifest: Manifest | None, collection: str) -> bool:
    declared = manifest.collections.get(collection) if manifest else None
    attribute = declared.attributes.get(_TEST_MARK) if declared else None
    return attribute is not None and attribute.type == "boolean"
