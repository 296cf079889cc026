"""
Writes to many documents at once, all or none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.sandbox.errors import already_exists
from monitor.sandbox.state.operations import Desk, Done, put
from monitor.sandbox.state.query import Query
from monitor.sandbox.state.storage import Draft, all_or_nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateMany:
    """
    Make documents, all or none.
    """

    drafts: Sequence[tuple[str, Draft]]

    def run(self, desk: Desk) -> Done:
        return desk.done_to_many("create", desk.storage.add_all(self.drafts))


@dataclass(frozen=True, slots=True, kw_only=True)
class PutMany:
    """
    Make documents or put these in their places, all or none; what changes nothing is not counted.
    """

    drafts: Sequence[tuple[str, Draft]]

    def run(self, desk: Desk) -> Done:
        ids = [id_ for id_, _ in self.drafts]
        if len(set(ids)) != len(ids):
            raise already_exists(desk.storage.noun, "")
        with all_or_nothing([desk.storage.collection]):
            written = [put(desk, id_, draft) for id_, draft in self.drafts]
        return desk.done_to_many("upsert", [document for document, changed in written if changed])


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMany:
    """
    Change all documents that *queries* name.
    """

    draft: Draft
    queries: Sequence[Query]

    def run(self, desk: Desk) -> Done:
        storage = desk.storage
        found = storage.matching(self.queries)
        storage.structure.part(self.draft.data)
        with all_or_nothing([storage.collection]):
            for each in found:
                desk.require_older(each)
            return desk.done_to_many("update", [storage.change(each, self.draft) for each in found])


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveMany:
    """
    Delete all documents that *queries* name; without queries that is every document.
    """

    queries: Sequence[Query]

    def run(self, desk: Desk) -> Done:
        found = desk.storage.matching(self.queries)
        for each in found:
            desk.require_older(each)
        for each in found:
            desk.storage.remove(each)
        return desk.done_to_many("delete", found)
