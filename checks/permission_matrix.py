"""
Every identity may do what it must be able to do with the documents of a collection, and nothing else.

Judged by real requests with bodies that the live schema takes, as guests and users, never with the key. Appwrite's own
console shows what is granted, which is not what somebody gets: document security, teams, verification and realtime have
their say too. A permission too many shows nobody an error: this is the check that tells of it, before all else, and
also when something kept it from judging the rest.

What is expected of a cell is said by ``access``, else by the manifest's ``access``, else by its permissions and the
roles that the identity holds. The documents' own permissions are left out of it, but for one thing: a document that
shows itself to everybody (guests, or whoever signs up) counts as excess of those who must not read, unless
``public_documents`` names the collection. The newest 100 are looked at that the identity is shown.

A run takes 4 requests for each collection, and 5 more for each identity there, 6 where documents have a say; and for
each identity a sign-in and a socket. Of those, Appwrite bills as writes 3 for each collection, 1 more for each identity
that may update there, and 2 more for each that may delete: 6 for two collections that nobody may change, which every 15
minutes are 17,000 a month. Four collections are asked for at once: give it the time, or split it into several checks.

Talks to:  Appwrite REST and realtime as every identity; REST with the server key for schema, roles and the canaries
Steps:     prepare, rest, realtime, judge
Fails as:  permission_excess   somebody may do what he must not, over REST or realtime; told before all else
           permission_missing  somebody may not do what he must be able to
           no_event            nobody receives the events of a collection that REST lets them read: a dead pipeline
           not_found           the database or a collection was deleted, renamed or disabled: clients get 404
           schema              a collection refuses a document that fits its own attributes, or the configured data
           unauthorized        realtime takes somebody for a guest whom REST knows, or the project lives elsewhere
           wrong_answer        realtime refused a socket with error 1008
Leaves:    nothing; one document per collection and run, marked ``synthetic-``, which grants nothing to anybody; made,
           made again and removed after the run with the server key. While the run lasts, those whom the collection
           itself lets read see it: hide it from pages by ``data``. Its events set off the platform's own functions and
           webhooks, which must leave alone what is marked

Example::

    chat-access:
      kind: permission_matrix
      every: 15m
      timeout: 60s
      identities: [guest, customer, therapist]
      access:
        chat_messages: {guest: [], customer: [create], therapist: [create]}
        therapists_collection_id: {guest: [read], customer: [read, create], therapist: [read, create]}
      data:
        therapists_collection_id: {location: nowhere}
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Self

from pydantic import Field, JsonValue, model_validator

from monitor.access.access import ROLES_OF_GUESTS, Access
from monitor.access.hearing import Hearing
from monitor.access.judge import Judge
from monitor.access.matrix import Matrix
from monitor.access.matrix_verdict import excess_of, missing_of
from monitor.access.remedy import Permissions, Remedy, remedies
from monitor.appwrite.identities import roles_of_each, sign_in, sign_in_each
from monitor.appwrite.obstacles import Obstacles
from monitor.appwrite.rest import Client
from monitor.core.check import Check, IdentityName
from monitor.core.cost import Cost, Limited
from monitor.core.duration import Duration, show_duration
from monitor.core.errors import MonitorError, OwnFault, unknown
from monitor.core.identity import KEY, Anonymous, Guest, Identity
from monitor.core.manifest import Action, Manifest
from monitor.core.run import Run
from monitor.core.target import AppwriteId
from monitor.core.together import together
from monitor.core.topic import Topic

# What one run asks for, so that the sum of all stays countable where the manifest says which collections there are.
_MOST_COLLECTIONS = 20
# Each has a canary of its own, on which identities follow each other; more at once would be a load.
_AT_ONCE = 4
# Of the timeout: what may be planned for waiting, and what is left over for saying what to change.
_MOST_WAITING = 0.75
_SPARE = 0.1
_MOST_OBSTACLES = 200
Actions = tuple[Action, ...]


class PermissionMatrix(Check):
    """
    Has every identity try every action on every collection, and listen for the events.
    """

    topics = frozenset({Topic.ACCESS})

    every_seconds: Duration = Field(default=900.0, ge=1.0, description="interval between two runs")
    timeout_seconds: Duration = Field(default=60.0, ge=0.1, description="deadline of a run; shorter than `every`")
    identities: Annotated[tuple[IdentityName, ...], Field(min_length=1, max_length=20)] = Field(
        description="who is judged; a guest, and somebody whom nothing is shared with, should be among them"
    )
    access: Mapping[AppwriteId, Mapping[IdentityName, Actions]] = Field(
        default_factory=dict,
        description="collection → identity → what it may do with every document; before what the manifest says",
    )
    collections: Annotated[tuple[AppwriteId, ...], Field(max_length=_MOST_COLLECTIONS)] = Field(
        default=(), description="ids of the collections; without any, those of access, else those of the manifest"
    )
    data: Mapping[AppwriteId, Mapping[str, JsonValue]] = Field(
        default_factory=dict,
        description="collection → attributes that its document keeps, such as what hides it from lists; the required"
        " ones not given here are made up",
    )
    public_documents: tuple[AppwriteId, ...] = Field(
        default=(), description="collections of which single documents may show themselves to everybody"
    )
    event_within_seconds: Duration = Field(default=5.0, ge=0.1, description="later than this an event counts as lost")
    quiet_seconds: Duration = Field(
        default=1.0, ge=0.1, description="how long silence must last until somebody counts as told nothing"
    )

    @model_validator(mode="after")
    def _leave_time_to_ask(self) -> Self:
        waiting = self.event_within_seconds + self.quiet_seconds
        if waiting > self.timeout_seconds * _MOST_WAITING:
            raise ValueError(
                f"event_within and quiet ({show_duration(waiting)} together) must be at most three quarters of timeout"
                f" ({show_duration(self.timeout_seconds)}): asking over REST needs the rest"
            )
        return self

    @model_validator(mode="after")
    def _name_each_once(self) -> Self:
        for field, names in (("identities", self.identities), ("collections", self.collections)):
            if twice := [name for number, name in enumerate(names) if name in names[:number]]:
                raise ValueError(f"{field} name {twice[0]} twice: name it once")
        return self

    @model_validator(mode="after")
    def _judge_all_of_access(self) -> Self:
        for collection, row in self.access.items():
            if strangers := row.keys() - set(self.identities):
                raise ValueError(
                    f"access.{collection} is about {min(strangers)}: add it to identities, or leave it out"
                )
        return self

    def costs(self) -> tuple[Cost, ...]:
        count = len(self.collections or self.access) or _MOST_COLLECTIONS
        writes = (Limited.CREATES, Limited.UPDATES, Limited.DELETES)
        connects = Cost(what=Limited.CONNECTS, count=len(self.identities))
        return (connects, *(Cost(what=what, count=count, identity=name) for name in self.identities for what in writes))

    def objection(self, manifest: Manifest | None, identities: Mapping[str, Identity]) -> str:
        return next(self._objections(manifest, identities), "")

    async def run(self, run: Run) -> None:
        obstacles = Obstacles()
        async with run.step("prepare"):
            key = await sign_in(run, KEY, fresh=False)
            clients = await self._sign_in(run, obstacles)
            matrix = Matrix(await self._may(run, clients))
        judge = Judge(run, matrix, obstacles, key=key, clients=clients)
        cut_short: MonitorError | None = None
        try:
            await self._judge(run, judge, matrix, obstacles)
        except MonitorError as error:
            # What was found is so, whatever came then, and whoever is to blame for that.
            cut_short = error
        async with run.step("judge"):
            if any((counts := matrix.counts()).values()):
                run.observe_cells(counts)
            run.note(
                missing=tuple(map(str, matrix.missing())),
                oddities=tuple(judge.oddities),
                public=tuple(f"{collection}/{id_}" for collection, found in judge.public.items() for id_ in found),
                obstacles=tuple(map(str, obstacles.found[:_MOST_OBSTACLES])),
                cut_short=str(cut_short or ""),
            )
            if isinstance(cut_short, OwnFault):
                obstacles.add(cut_short)
            await self._say(run, matrix, judge, obstacles)
            if cut_short:
                raise cut_short

    async def _sign_in(self, run: Run, obstacles: Obstacles) -> dict[str, Client]:
        clients = {}
        for name, signed_in in (await sign_in_each(run, self.identities)).items():
            if isinstance(signed_in, MonitorError):
                obstacles.add(signed_in)
            else:
                clients[name] = signed_in
        if not clients and (error := obstacles.worst()):
            raise error
        return clients

    async def _judge(self, run: Run, judge: Judge, matrix: Matrix, obstacles: Obstacles) -> None:
        async with run.step("rest"):
            await together((self._ask(judge, collection) for collection in matrix.may), at_once=_AT_ONCE)
        async with run.step("realtime"):
            await Hearing(run, matrix, obstacles, judge.canaries).listen(
                judge.clients,
                within_seconds=self.event_within_seconds,
                quiet_seconds=self.quiet_seconds,
                spare_seconds=self.timeout_seconds * _SPARE,
            )

    async def _ask(self, judge: Judge, collection: str) -> None:
        may_be_public = collection in self.public_documents
        await judge.ask(collection, self.data.get(collection, {}), may_be_public=may_be_public)

    async def _say(self, run: Run, matrix: Matrix, judge: Judge, obstacles: Obstacles) -> None:
        found: Sequence[Remedy] = ()
        if matrix.excess() or matrix.missing():
            try:
                found = await self._remedies(run, matrix, judge)
            except MonitorError as error:
                # The cells are as wrong without it.
                run.note(no_remedy=str(error))
        if excess := excess_of(matrix, found):
            raise excess
        if obstacle := obstacles.worst():
            raise obstacle
        if missing := missing_of(matrix, found, within=show_duration(self.event_within_seconds)):
            raise missing

    async def _may(self, run: Run, clients: Mapping[str, Client]) -> dict[str, dict[str, frozenset[Action]]]:
        access = self._access(run.manifest)
        asked = {name: client for name, client in clients.items() if access.asks_for_roles(name)}
        return access.may(tuple(clients), await roles_of_each(run, asked))

    async def _remedies(self, run: Run, matrix: Matrix, judge: Judge) -> tuple[Remedy, ...]:
        access = self._access(run.manifest)
        permissions = {
            collection: Permissions(
                live=canary.collection.permissions,
                declared=access.permissions(collection),
                public=judge.public.get(collection, {}),
            )
            for collection, canary in judge.canaries.items()
        }
        roles = {
            # An anonymous account is of this run alone: nothing can be granted to itself in advance.
            name: frozenset(role for role in held if not role.startswith("user:"))
            if isinstance(run.identities.get(name), Anonymous)
            else held
            for name, held in (await roles_of_each(run, judge.clients)).items()
        }
        return remedies(matrix, permissions, roles)

    def _access(self, manifest: Manifest | None) -> Access:
        return Access(self.access, manifest, named=self.collections)

    def _objections(self, manifest: Manifest | None, identities: Mapping[str, Identity]) -> Iterator[str]:
        access = self._access(manifest)
        judged = access.collections
        if len(judged) > _MOST_COLLECTIONS:
            yield f"{len(judged)} collections, expected at most {_MOST_COLLECTIONS} a check: name some in collections"
        yield from access.objections(self.identities)
        for field, names in (("data", self.data), ("public_documents", self.public_documents)):
            if others := [name for name in names if name not in judged]:
                yield f"{field} is about what is not judged: {unknown('collection', others[0], judged)}"
        guests = [name for name in self.identities if isinstance(identities.get(name), Guest)]
        for collection, row in access.may(guests, dict.fromkeys(guests, ROLES_OF_GUESTS)).items():
            if collection not in self.data and any(Action.READ in actions for actions in row.values()):
                yield (
                    f"guests read {collection}, and would see the check's document on their pages:"
                    f" give data.{collection} attributes that hide it, or {{}} where it may be seen"
                )
