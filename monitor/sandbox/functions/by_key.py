"""
What the platform writes by itself: with the rights of a server key, and through the same route as anybody's writes, so
that it is validated, stored and announced alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.sandbox.protocol.caller import Caller
from monitor.sandbox.protocol.family import COLLECTIONS
from monitor.sandbox.protocol.routing import Call, Publisher
from monitor.sandbox.routes.documents import DocumentRoutes
from monitor.sandbox.state.identifiers import unique_id
from monitor.sandbox.state.world import ApiKey, World

_CREATE = next(each for each in DocumentRoutes(COLLECTIONS).routes() if each.method == "POST")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """
    A document to be.
    """

    database_id: str
    collection_id: str
    data: Mapping[str, object]
    permissions: Sequence[str]


def create(world: World, publisher: Publisher, record: Record) -> str:
    """
    Write *record* under a new id, and return that; raise ``AppwriteError`` when it is refused.
    """
    id_ = unique_id()
    fields = {"documentId": id_, "data": dict(record.data), "permissions": list(record.permissions)}
    by_key = Caller(project=world.project, key=ApiKey(secret=""))
    path = {"database": record.database_id, "collection": record.collection_id}
    _CREATE.handler(Call(world=world, publisher=publisher, caller=by_key, path=path, fields=fields, peer=""))
    return id_
