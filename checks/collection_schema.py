"""
The collections are what the manifest declares: attributes, indexes, permissions, security flag, enabled.

Every difference is told at once. It is breaking when a declared writer would now be refused, a reader's query fail, or
somebody may do what the manifest does not grant; the writers and readers that break are named. Of a collection without
declared writers and readers the worst is expected: somebody writes every attribute with any value that the manifest
allows, somebody writes only what is required, and somebody filters by each attribute and searches each full-text index.
Every other difference is additive: it degrades the run and pages nobody. A declared writer whom manifest and project
refuse alike, such as one that writes an attribute which nobody ever made, is told too.

An attribute or index that is processing for longer than processing_limit, or stuck or failed, breaks too: writes with
it get 400 "Unknown attribute", and the place to look is the databases worker and its queue
(/health/queue/databases).

Talks to:  Appwrite REST, List Collections to the end, with the server key; one request for each hundred collections
Steps:     inventory
Fails as:  permission_excess   somebody may do what the manifest does not grant: withdraw the permission
           not_found           a declared collection is gone or disabled, or its database is gone: users get 404
           schema              attributes or indexes differ so that a writer is refused or a query fails, or are stuck
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

from collections.abc import Sequence

from pydantic import Field

from monitor.appwrite.failures import failed
from monitor.appwrite.identities import sign_in
from monitor.appwrite.inventory import differences_of
from monitor.core.check import Check
from monitor.core.drift import Difference, counts
from monitor.core.duration import Duration
from monitor.core.errors import MAX_MESSAGE_CHARACTERS, OwnFault, unknown
from monitor.core.identity import KEY
from monitor.core.manifest import Manifest
from monitor.core.outcome import Reason, Severity
from monitor.core.run import Run
from monitor.core.target import AppwriteId

_NO_MANIFEST = "needs a manifest: write one with `monitor manifest pull`, and give its path under manifest"
_MOST_TOLD = 200
_NEXT_MOVES = {
    Reason.PERMISSION_EXCESS: "withdraw it",
    Reason.NOT_FOUND: "restore or enable it",
    Reason.SCHEMA: "restore it, or declare it",
    Reason.PERMISSION_MISSING: "grant it again",
}
_UNFINISHED = "see the databases worker and its queue"


class CollectionSchema(Check):
    """
    Compares the live collections with the manifest.
    """

    timeout_seconds: Duration = Field(default=20.0, ge=0.1, description="deadline of a run; shorter than `every`")
    collections: tuple[AppwriteId, ...] = Field(
        default=(),
        max_length=1000,
        description="ids of the collections to compare; without any, all of the manifest, and whether others exist",
    )
    processing_limit_seconds: Duration = Field(
        default=300.0, ge=1.0, description="an attribute or index that is processing for longer is stuck"
    )

    def objection(self, manifest: Manifest | None) -> str:
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
        _judge(run, found)


def _judge(run: Run, found: Sequence[Difference]) -> None:
    breaking = [each for each in found if each.severity is Severity.BREAKING]
    additive = [each for each in found if each.severity is Severity.ADDITIVE]
    if breaking:
        first = breaking[0]
        raise failed(
            first.reason,
            _message(breaking, _UNFINISHED if first.is_unfinished else _NEXT_MOVES[first.reason]),
            collection=first.collection,
            about=first.about,
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
            additive=_lines(additive),
        )


def _message(found: Sequence[Difference], next_move: str) -> str:
    """
    Return the gravest of *found* with the number of the others, cut so that the next move still fits.
    """
    end = f": {next_move}" if len(found) == 1 else f" (and {len(found) - 1} more): {next_move}"
    first, room = f"{found[0].collection}: {found[0]}", MAX_MESSAGE_CHARACTERS - len(end)
    return (first if len(first) <= room else f"{first[: room - 1]}…") + end


def _lines(found: Sequence[Difference]) -> tuple[str, ...]:
    lines = tuple(f"{each.collection}: {each}" for each in found[:_MOST_TOLD])
    return lines if len(found) <= _MOST_TOLD else (*lines, f"… and {len(found) - _MOST_TOLD} more")
