"""
Attributes and indexes that never became available: documents cannot hold them, queries cannot use them.

Appwrite answers 202 to whoever changes a schema and leaves the change to a worker. Until it is done the part is
``processing``: half a second where all is well (recorded), and for ever where the worker or its queue stands still.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from monitor.appwrite.answers import Attribute, Collection, Index
from monitor.core.manifest import DeclaredCollection
from monitor.schema.declared import declare
from monitor.schema.drift import Difference
from monitor.schema.usage import Usage

# Where all is well a change takes half a second; a worker with a queue before it may take minutes.
PROCESSING_LIMIT_SECONDS = 300.0
# The worker has given these up; waiting helps no more.
_GIVEN_UP = frozenset({"stuck", "failed"})


def unfinished_in(
    collection: Collection, declared: DeclaredCollection, *, now: datetime, limit_seconds: float
) -> Iterator[Difference]:
    """
    Yield what is stuck or failed, or has been ``processing`` longer than the limit.
    """
    usage, live = Usage(declared), declare(collection)
    for attribute in collection.attributes:
        if _is_unfinished(attribute, now, limit_seconds):
            breaks = usage.broken_by_attribute(attribute.key, declared.attributes.get(attribute.key), None)
            yield _difference(collection, attribute, breaks, remark="writes with it get 400 unknown attribute")
    for index in collection.indexes:
        if _is_unfinished(index, now, limit_seconds):
            others = [each for key, each in live.indexes.items() if key != index.key]
            breaks = usage.broken_by_index(declared.indexes.get(index.key), None, others)
            yield _difference(collection, index, breaks, remark="queries go without it")


def _is_unfinished(part: Attribute | Index, now: datetime, limit_seconds: float) -> bool:
    if part.status != "processing":
        return part.status in _GIVEN_UP
    since = _since(part)
    # One whose age nobody can tell is not waited for.
    return since is None or (now - since).total_seconds() > limit_seconds


def _since(part: Attribute | Index) -> datetime | None:
    try:
        since = datetime.fromisoformat(part.updated_at or part.created_at)
    except ValueError:
        return None
    return since if since.tzinfo else since.replace(tzinfo=UTC)


def _difference(collection: Collection, part: Attribute | Index, breaks: tuple[str, ...], *, remark: str) -> Difference:
    since = _since(part)
    live = f"{part.status} since {since:%Y-%m-%d %H:%M:%S} UTC" if since else part.status
    what = "attribute" if isinstance(part, Attribute) else "index"
    return Difference(
        collection=collection.id,
        about=f"{what} {part.key}",
        declared="available",
        live=f"{live} ({part.error})" if part.error else live,
        breaks=breaks,
        is_unfinished=True,
        remark=remark,
    )
