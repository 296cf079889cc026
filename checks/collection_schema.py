"""
The collections are what the manifest declares: attributes, indexes, permissions, security flag, enabled.

Every difference is told at once. It is breaking when a declared writer would now be refused, a reader's query fail, or
somebody may do what the manifest does not grant; the writers and readers that break are named. Of a collection without
declared writers and readers the worst is expected: somebody writes every attribute with any value that the manifest
allows, somebody writes only what is required, and somebody filters by each attribute and searches each full-text index.
Every other difference is additive: it degrades the run and pages nobody. A permission that lets in nobody whom a
declared one does not let in, as read for users where any is declared, is additive; that the wider one is gone may
break somebody. An attribute that is no longer encrypted refuses nobody, and so does another behaviour of a relationship
on delete: additive. A declared writer whom manifest and project refuse alike, such as one that writes an attribute
which nobody ever made, is told too.

An attribute or index that is processing for longer than processing_limit, or stuck or failed, breaks too: writes with
it get 400 "Unknown attribute", and the place to look is the databases worker and its queue
(/health/queue/databases).

Talks to:  Appwrite REST, List Collections to the end, with the server key; one request for each 25 collections
Steps:     inventory
Fails as:  permission_excess   somebody may do what no declared permission lets him do: withdraw the permission
           not_found           a declared collection is gone or disabled, or its database is gone: users get 404
           schema              attributes or indexes differ so that a writer is refused or a query fails, or are stuck;
                               what is now required, make optional again, or have the writer write it
           permission_missing  a permission that a declared writer or reader needs is gone
           unauthorized        the project lives elsewhere: a guest is refused there too
Leaves:    nothing; it only reads

Example::

    schema:
      kind: collection_schema
      every: 5m
      timeout: 20s
      processing_limit: 5m
"""

from collections.abc import Mapping, Sequence
from itertools import islice

from pydantic import Field

from monitor.appwrite.answers import Collection
from monitor.appwrite.failures import failed
from monitor.appwrite.identities import sign_in
from monitor.core.check import Check
from monitor.core.duration import Duration
from monitor.core.errors import MAX_MESSAGE_CHARACTERS, OwnFault, unknown
from monitor.core.identity import KEY, Identity
from monitor.core.manifest import Manifest
from monitor.core.outcome import Impact, Reason
from monitor.core.run import Run
from monitor.core.target import AppwriteId
from monitor.core.topic import Topic
from monitor.schema.drift import Difference, counts
from monitor.schema.inventory import differences_of
from monitor.schema.unfinished import PROCESSING_LIMIT_SECONDS

_NO_MANIFEST = "needs a manifest: write one with `monitor manifest pull`, and give its path under manifest"
_MOST_TOLD = 200
# Documents cannot hold such an attribute, and queries cannot use such an index.
_UNUSABLE = frozenset({"processing", "stuck", "failed"})
_NEXT_MOVES = {
    Reason.PERMISSION_EXCESS: "withdraw it",
    Reason.NOT_FOUND: "restore or enable it",
    Reason.SCHEMA: "undo it, or declare it",
    Reason.PERMISSION_MISSING: "grant it again",
}
_UNFINISHED = "see the databases worker and its queue"


class CollectionSchema(Check):
    """
    Compares the live collections with the manifest.
    """

    topics = frozenset({Topic.SCHEMA})

    timeout_seconds: Duration = Field(default=20.0, ge=0.1, description="deadline of a run; shorter than `every`")
    collections: tuple[AppwriteId, ...] = Field(
        default=(),
        max_length=1000,
        description="ids of the collections to compare; without any, all of the manifest, and whether others exist",
    )
    processing_limit_seconds: Duration = Field(
        default=PROCESSING_LIMIT_SECONDS,
        ge=1.0,
        description="an attribute or index that is processing for longer is stuck",
    )

    def objection(
        self,
        manifest: Manifest | None,
        identities: Mapping[str, Identity],  # noqa: ARG002 - of no say here
    ) -> str:
        if manifest is None:
            return _NO_MANIFEST
        missing = [name for name in self.collections if name not in manifest.collections]
        if not missing:
            return ""
        told = unknown("collection of the manifest", missing[0], manifest.collections)
        return f"{told} A new one `monitor manifest pull` adds"

    async def run(self, run: Run) -> None:
        if run.manifest is None:
            raise OwnFault(_NO_MANIFEST)
        key = await sign_in(run, KEY)
        async with run.step("inventory"):
            live = await key.list_collections()
        found = differences_of(
            live,
            run.manifest,
            chosen=self.collections,
            now=run.started_at,
            processing_limit_seconds=self.processing_limit_seconds,
        )
        run.observe_differences(counts(found))
        # What is in work may be what refuses a writer, long before it is late.
        unfinished = _unfinished(live)
        run.note(unfinished=unfinished)
        _judge(run, found, unfinished)


def _judge(run: Run, found: Sequence[Difference], unfinished: Sequence[str]) -> None:
    breaking = [each for each in found if each.impact is Impact.BREAKING]
    additive = [each for each in found if each.impact is Impact.ADDITIVE]
    if breaking:
        first = breaking[0]
        raise failed(
            first.reason,
            _message(breaking, *_next_moves(first)),
            collection=first.collection,
            about=first.about,
            is_unfinished=_is_unfinished(first, unfinished),
            breaking=_lines(breaking),
            additive=_lines(additive),
        )
    if additive:
        first = additive[0]
        run.degrade(
            Reason.SCHEMA,
            _message(additive, "breaks nobody: declare it with `monitor manifest pull`"),
            collection=first.collection,
            about=first.about,
            is_unfinished=_is_unfinished(first, unfinished),
            additive=_lines(additive),
        )


def _unfinished(live: Sequence[Collection]) -> tuple[str, ...]:
    lines = (
        f"{collection.id} {part.key} is {part.status}"
        for collection in live
        for parts in (collection.attributes, collection.indexes)
        for part in parts
        if part.status in _UNUSABLE
    )
    return tuple(islice(lines, _MOST_TOLD))


def _is_unfinished(difference: Difference, unfinished: Sequence[str]) -> bool:
    # What was not declared may be what somebody is adding, and never gets.
    part = difference.about.split()[1:2]
    return difference.is_unfinished or any(
        line.startswith(f"{difference.collection} {key} is ") for line in unfinished for key in part
    )


def _next_moves(difference: Difference) -> tuple[str, ...]:
    if difference.is_unfinished:
        return (_UNFINISHED,)
    general = _NEXT_MOVES[difference.reason]
    return (difference.remedy, general) if difference.remedy else (general,)


def _message(found: Sequence[Difference], *next_moves: str) -> str:
    """
    Return the gravest of *found*, the number of the others, and the first next move that fits; the last always does.
    """
    first = f"{found[0].collection}: {found[0]}"
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    ends = [f"{more}: {move}" for move in next_moves]
    for end in ends:
        if len(first) + len(end) <= MAX_MESSAGE_CHARACTERS:
            return first + end
    return f"{first[: MAX_MESSAGE_CHARACTERS - len(ends[-1]) - 1]}…{ends[-1]}"


def _lines(found: Sequence[Difference]) -> tuple[str, ...]:
    lines = tuple(f"{each.collection}: {each}" for each in found[:_MOST_TOLD])
    return lines if len(found) <= _MOST_TOLD else (*lines, f"… and {len(found) - _MOST_TOLD} more")
