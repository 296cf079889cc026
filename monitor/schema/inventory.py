"""
The live collections of a database beside the manifest.
"""

from collections.abc import Sequence
from datetime import datetime

from monitor.appwrite.answers import Collection
from monitor.core.manifest import Manifest
from monitor.schema.declared import declare
from monitor.schema.drift import Difference, compare_all, gravest_first
from monitor.schema.unfinished import unfinished_in


def differences_of(
    live: Sequence[Collection],
    manifest: Manifest,
    *,
    chosen: Sequence[str] = (),
    now: datetime,
    processing_limit_seconds: float,
) -> tuple[Difference, ...]:
    """
    Return everything in which the *chosen* collections (all, if none) are not as declared, the gravest first.
    """
    found = list(compare_all(manifest, {each.id: declare(each) for each in live}, chosen))
    for each in live:
        declared = manifest.collections.get(each.id)
        if declared is not None and (not chosen or each.id in chosen):
            found += unfinished_in(each, declared, now=now, limit_seconds=processing_limit_seconds)
    return gravest_first(found)
