"""
Counting an attribute of a document up or down, in one step that no other write can come between.
"""

from collections.abc import Sequence

from monitor.sandbox.errors import argument_invalid, not_found
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.documents import WRITES, Sheet, document_id_of
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.protocol.staging import run, seen, stage, transaction_id_of
from monitor.sandbox.routes.collections import find_collection
from monitor.sandbox.state.operations import Step

_LARGEST = 1 << 63


class CounterRoutes:
    """
    The routes of one family.
    """

    def __init__(self, family: Family) -> None:
        self._family = family

    def routes(self) -> Sequence[Route]:
        """
        Return all of them.
        """
        family = self._family
        documents = f"/{family.root}/{{database}}/{family.collections}/{{collection}}/{family.documents}"
        path, write = f"{documents}/{{document}}/{{attribute}}", family.document_scopes("write")
        return tuple(
            Route(
                method="PATCH", path=f"{path}/{name}", handler=handler, scopes=write, project_only=True, limits=WRITES
            )
            for name, handler in (("increment", self._increment), ("decrement", self._decrement))
        )

    def _increment(self, call: Call) -> Answer:
        return self._count(call, up=True)

    def _decrement(self, call: Call) -> Answer:
        return self._count(call, up=False)

    def _count(self, call: Call, *, up: bool) -> Answer:
        family, transaction_id = self._family, transaction_id_of(call)
        by, bound = number_in(call, "value"), number_in(call, "max" if up else "min")
        operation = Step(
            id=document_id_of(call, family),
            key=call.path["attribute"],
            by=1 if by is None else by,
            up=up,
            bound=bound,
            noun=family.attribute,
            title=space_of(family),
        )
        sheet = Sheet(call=call, family=family, collection=find_collection(call, family))
        if transaction_id is None:
            return Answer(body=sheet.publish("update", run(sheet, operation).documents[0]))
        document = seen(call, sheet.collection, transaction_id).documents.get(operation.id)
        if document is None:
            raise not_found(family.document, operation.id)
        operation.countable(sheet.storage)
        stage(sheet, operation, transaction_id)
        return Answer(body=sheet.show(document) | {operation.key: operation.counted(document)})


def space_of(family: Family) -> str:
    """
    Return what refusals to count call the attribute, which is the name of the family in the SDKs.
    """
    return "tablesDB" if family.root == "tablesdb" else family.root


def number_in(call: Call, name: str) -> float | None:
    """
    Return a number of the body, None when it has none.
    """
    value = call.fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_LARGEST <= value <= _LARGEST:
        raise argument_invalid(name, "Value must be a valid number")
    return value
