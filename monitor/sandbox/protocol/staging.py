"""
Where a write goes: to the documents at once, or into the transaction that the call names.

Reads that name a transaction see the documents as they would be after its commit.
"""

from collections.abc import Callable
from contextlib import suppress
from copy import copy
from dataclasses import replace

from monitor.sandbox.errors import AppwriteError, argument_invalid, unauthorized
from monitor.sandbox.protocol.authorization import may, require, require_create
from monitor.sandbox.protocol.documents import Sheet, uid
from monitor.sandbox.protocol.routing import Call
from monitor.sandbox.state.operations import Desk, Done, Operation
from monitor.sandbox.state.storage import Storage
from monitor.sandbox.state.transactions import Staged, Transaction
from monitor.sandbox.state.world import Collection, Document


def transaction_id_of(call: Call) -> str | None:
    """
    Return the id of the transaction that a call names, None when it names none.
    """
    given = call.fields.get("transactionId")
    if given is None:
        return None
    if not isinstance(given, str):
        raise argument_invalid("transactionId", "Value must be a valid string")
    return uid(given, "transactionId")


def find_transaction(call: Call, id_: str) -> Transaction:
    """
    Return a transaction that the caller may see.
    """
    owner = call.caller.user.id if call.caller.user else None
    return call.world.transactions.find(id_, owner=owner, to_key=call.caller.is_key)


def seen(call: Call, collection: Collection, transaction_id: str | None) -> Collection:
    """
    Return *collection* with what the transaction has staged for it; the writes are tried on a copy.
    """
    if transaction_id is None:
        return collection
    with suppress(AppwriteError):
        transaction = find_transaction(call, transaction_id)
        if transaction.status == "pending" and transaction.staged:
            return _tried(call, collection, transaction)
    return collection


def run(sheet: Sheet, operation: Operation, *, staged_at: str | None = None, touched: set[str] | None = None) -> Done:
    """
    Do a write with the rights of the caller.
    """
    desk = Desk(
        storage=sheet.storage,
        require=_rights(sheet),
        staged_at=staged_at,
        touched=set() if touched is None else touched,
    )
    return operation.run(desk)


def stage(sheet: Sheet, operation: Operation, transaction_id: str) -> None:
    """
    Put a write into a transaction.
    """
    world = sheet.call.world
    transaction = find_transaction(sheet.call, transaction_id)
    world.transactions.require_open(transaction, room_for=1)
    world.transactions.stage(transaction, staged(sheet, operation))


def staged(sheet: Sheet, operation: Operation) -> Staged:
    """
    Return a write as a transaction keeps it.
    """
    return Staged(
        database_id=sheet.collection.database_id,
        collection_id=sheet.collection.id,
        at=sheet.call.world.now(),
        operation=operation,
    )


def _rights(sheet: Sheet) -> Callable[[str, Document | None], None]:
    call, collection = sheet.call, sheet.collection

    def check(action: str, document: Document | None) -> None:
        if document is not None:
            require(call.caller, action, collection, document)
        elif action == "create":
            require_create(call.caller, collection, told_why=call.world.profile.tells_create_roles)
        elif not may(call.caller, "create", collection):
            raise unauthorized()

    return check


def _tried(call: Call, collection: Collection, transaction: Transaction) -> Collection:
    scratch = replace(collection, documents=copy(collection.documents))
    storage = Storage(world=call.world, collection=scratch, noun="document")
    for each in transaction.staged:
        if (each.database_id, each.collection_id) == (collection.database_id, collection.id):
            with suppress(AppwriteError):
                each.operation.run(Desk(storage=storage, require=lambda *_: None))
    return scratch
