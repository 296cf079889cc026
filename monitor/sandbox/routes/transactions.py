"""
Transactions: begun, filled with writes, committed or rolled back.

A commit does all writes in their order with the rights of whoever commits, and announces them; if one of them cannot be
done, none is, and the transaction has failed for good.
"""

from collections.abc import Mapping, Sequence

from monitor.sandbox.errors import AppwriteError, not_found
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.documents import Sheet, bad_request
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.listing import listed
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.protocol.staging import find_transaction, run, staged
from monitor.sandbox.routes.planned import Place
from monitor.sandbox.routes.sent_operations import planned
from monitor.sandbox.state.operations import Done
from monitor.sandbox.state.storage import all_or_nothing
from monitor.sandbox.state.transactions import Staged, Transaction
from monitor.sandbox.state.world import Collection

_MIN_TTL_SECONDS, _MAX_TTL_SECONDS = 60, 3_600
_DEFAULT_TTL_SECONDS = 300
_CONFLICTS = ("_already_exists", "_update_conflict")


class TransactionRoutes:
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
        many = f"/{family.root}/transactions"
        one = f"{many}/{{transaction}}"
        write = family.document_scopes("write")
        # Both families ask for the scope of rows.
        read = ("rows.read", *family.document_scopes("read"))
        return (
            Route(method="POST", path=many, handler=self._begin, scopes=write, project_only=True),
            Route(method="GET", path=many, handler=self._list, scopes=read, project_only=True),
            Route(method="GET", path=one, handler=self._get, scopes=read, project_only=True),
            Route(method="PATCH", path=one, handler=self._end, scopes=write, project_only=True),
            Route(method="DELETE", path=one, handler=self._delete, scopes=write, project_only=True),
            Route(method="POST", path=f"{one}/operations", handler=self._stage, scopes=write, project_only=True),
        )

    def _begin(self, call: Call) -> Answer:
        ttl_seconds = call.whole_number(
            "ttl", default=_DEFAULT_TTL_SECONDS, lowest=_MIN_TTL_SECONDS, highest=_MAX_TTL_SECONDS
        )
        begun = call.world.transactions.begin(owner=_owner(call), ttl_seconds=ttl_seconds)
        return Answer(status=201, body=begun.shown())

    def _list(self, call: Call) -> Answer:
        visible = call.world.transactions.visible(owner=_owner(call), to_key=call.caller.is_key)
        return listed(call, "transactions", [each.shown() for each in visible], askable=("status", "expiresAt"))

    def _get(self, call: Call) -> Answer:
        return Answer(body=find_transaction(call, call.path["transaction"]).shown())

    def _delete(self, call: Call) -> Answer:
        call.world.transactions.remove(find_transaction(call, call.path["transaction"]))
        return Answer(status=204)

    def _stage(self, call: Call) -> Answer:
        plans = planned(call, self._family)
        if not plans:
            raise bad_request("Operations array cannot be empty")
        transaction = find_transaction(call, call.path["transaction"])
        if transaction.status != "pending":
            # With the hyphen that a real server writes.
            raise bad_request("Invalid or non\u2011pending transaction")
        call.world.transactions.require_open(transaction, room_for=len(plans))
        made: set[Place] = set()
        checked = [plan.checked(call, self._family, transaction_id=transaction.id, made=made) for plan in plans]
        operations = [staged(sheet, operation) for sheet, operation in checked]
        call.world.transactions.stage(transaction, *operations)
        return Answer(status=201, body=transaction.shown())

    def _end(self, call: Call) -> Answer:
        commit, rollback = call.flag("commit", default=False), call.flag("rollback", default=False)
        if not commit and not rollback:
            raise bad_request("Either commit or rollback must be true")
        if commit and rollback:
            raise bad_request("Cannot commit and rollback at the same time")
        transactions = call.world.transactions
        transaction = find_transaction(call, call.path["transaction"])
        transactions.require_open(transaction)
        if commit:
            self._commit(call, transaction)
        transactions.end(transaction, "committed" if commit else "failed")
        return Answer(body=transaction.shown())

    def _commit(self, call: Call, transaction: Transaction) -> None:
        try:
            sheets = [self._sheet(call, each) for each in transaction.staged]
            with all_or_nothing(_distinct(sheets)):
                touched: dict[int, set[str]] = {}
                done = [
                    run(
                        sheet,
                        each.operation,
                        staged_at=each.at,
                        touched=touched.setdefault(id(sheet.collection.documents), set()),
                    )
                    for sheet, each in zip(sheets, transaction.staged, strict=True)
                ]
        except AppwriteError as error:
            call.world.transactions.end(transaction, "failed")
            raise _as_of_commit(error) from error
        for sheet, result in zip(sheets, done, strict=True):
            _announce(sheet, result)

    def _sheet(self, call: Call, each: Staged) -> Sheet:
        database = call.world.database(each.database_id)
        collection = call.world.collection(database.id, each.collection_id) if database else None
        if collection is None:
            raise not_found(self._family.document, "unknown")
        return Sheet(call=call, family=self._family, collection=collection)


def _owner(call: Call) -> str | None:
    return call.caller.user.id if call.caller.user and not call.caller.is_key else None


def _distinct(sheets: Sequence[Sheet]) -> list[Collection]:
    return list({id(each.collection.documents): each.collection for each in sheets}.values())


def _announce(sheet: Sheet, done: Done) -> None:
    # A real server announces what single writes did, not what bulk writes did; an upsert is an update here.
    for each in () if done.many else done.documents:
        sheet.publish("update" if done.action == "upsert" else done.action, each)


def _as_of_commit(error: AppwriteError) -> AppwriteError:
    """
    Return what a commit is answered when one of its writes is refused; the types are the collections' in both families.
    """
    if error.kind.endswith(_CONFLICTS):
        message = "The transaction has a conflict. Please check the transaction data and try again."
        return AppwriteError(409, "transaction_conflict", message)
    kinds: Mapping[str, str] = {
        "row_not_found": "document_not_found",
        "row_invalid_structure": "document_invalid_structure",
        "column_limit_exceeded": "attribute_limit_exceeded",
    }
    return AppwriteError(error.status, kinds.get(error.kind, error.kind), error.message)
