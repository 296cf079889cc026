"""
Removes from Appwrite what runs have left, and nothing else.

A document of ours is known by its id, which bears the mark; what the platform wrote because of it by the attribute that
holds that id; a sign-in that was not answered by the mark of its session. What was not seen to be made is read before
it is deleted. No unchecked id ever enters a path: an empty one would collapse to a broader route, such as the delete
of a whole collection.
"""

from collections.abc import Iterable, Mapping

import structlog

from monitor.appwrite.caller import checked, marked
from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.identities import sign_in
from monitor.appwrite.lost_sign_ins import undo_sign_in
from monitor.appwrite.rest import Client
from monitor.core.errors import MonitorError, OwnFault
from monitor.core.identity import KEY
from monitor.core.leftover import Fate, Leftover, Look, Removal, What
from monitor.core.run import Run
from monitor.core.together import together

log = structlog.get_logger()

# Twenty documents at 300 ms for the way there and back take 2 s, over as many connections as a browser opens.
_AT_ONCE = 6
# Of a hundred traces each; what comes faster than it can be removed is nothing that one run has caused.
_MOST_PAGES = 5
_GONE = Removal(look=Look.GONE)
_ABSENT = Removal(look=Look.ABSENT)
# Whole collections go, and come back; a query fails for an attribute that is not there.
_AWAY = frozenset({"collection_not_found", "table_not_found", "database_not_found", "general_query_invalid"})


class AppwriteRemover:
    """
    Removes with the server key, which needs the scopes documents.write and documents.read, users.write and users.read.
    """

    async def remove(
        self, run: Run, leftovers: Mapping[Leftover, Fate], *, dry: bool = False
    ) -> Mapping[Leftover, Removal]:
        """
        Remove *leftovers*, several at once, within the deadline of *run*; say of each how it went, and raise nothing.
        """
        removals: dict[Leftover, Removal] = {}
        try:
            key = await sign_in(run, KEY, fresh=False)
        except MonitorError as error:
            return dict.fromkeys(leftovers, _failed(error))

        async def remove_one(leftover: Leftover, fate: Fate) -> None:
            try:
                removals[leftover] = await _remove(key, leftover, fate, dry=dry)
            except MonitorError as error:
                removals[leftover] = _failed(error)
            except Exception as error:  # one that nobody foresaw must not keep all others
                log.exception("leftover.failed", what=str(leftover))
                removals[leftover] = Removal(look=Look.STAYS, error=str(error) or type(error).__name__)

        async def remove_in_turn(group: Mapping[Leftover, Fate]) -> None:
            for leftover, fate in group.items():
                await remove_one(leftover, fate)

        await together(map(remove_in_turn, _groups(leftovers)), at_once=_AT_ONCE)
        return removals


def _groups(leftovers: Mapping[Leftover, Fate]) -> Iterable[Mapping[Leftover, Fate]]:
    """
    Return what is removed beside each other: one document may be several traces, and is deleted once.
    """
    groups: dict[object, dict[Leftover, Fate]] = {}
    for leftover, fate in leftovers.items():
        together_with = leftover.place if leftover.what is What.TRACE else leftover
        groups.setdefault(together_with, {})[leftover] = fate
    return groups.values()


def _failed(error: MonitorError) -> Removal:
    if isinstance(error, AppwriteError) and error.type in _AWAY:
        return Removal(look=Look.AWAY, error=str(error))
    is_refused = isinstance(error, OwnFault) and error.evidence.get("credentials") == "refused"
    return Removal(look=Look.STAYS, error=str(error), is_refused=is_refused)


async def _remove(key: Client, leftover: Leftover, fate: Fate, *, dry: bool) -> Removal:
    if fate is Fate.NOTHING:
        return _GONE
    match leftover.what:
        case What.DOCUMENT:
            _demand_here(key, leftover)
            return await _remove_document(key, leftover, fate, dry=dry)
        case What.TRACE:
            _demand_here(key, leftover)
            return await _remove_traces(key, leftover, dry=dry)
        case What.ACCOUNT:
            return await _remove_account(key, leftover, fate, dry=dry)
        case What.SESSION:
            return await _end_session(key, leftover, fate, dry=dry)
        case What.SIGN_IN | What.ANONYMOUS_SIGN_IN:
            return await undo_sign_in(key, leftover, dry=dry)


def _demand_here(key: Client, leftover: Leftover) -> None:
    if checked(leftover.database) != key.run.target.database:
        raise OwnFault(f"refused to look for {leftover}: it is in database {leftover.database!r}")


async def _remove_document(key: Client, leftover: Leftover, fate: Fate, *, dry: bool) -> Removal:
    is_known = fate is Fate.MADE and not dry
    try:
        if not is_known and (dry or leftover not in key.run.made):
            await _demand_ours(key, leftover)
        if not dry:
            await key.delete_document(leftover.collection, leftover.id)
    except AppwriteError as error:
        if error.type != f"{key.family.document}_not_found":
            raise
        return _GONE if is_known else _ABSENT
    # Of several requests for it, not all of which were answered, another may yet be carried out.
    return Removal(look=Look.GONE if is_known else Look.ABSENT, documents=1)


async def _demand_ours(key: Client, leftover: Leftover) -> None:
    """
    Read the document and raise ``OwnFault`` unless it is the one that was intended.
    """
    document = await key.get_document(leftover.collection, marked(leftover.id))
    if document.id != leftover.id:
        raise OwnFault(f"refused to delete: asked for {leftover}, the target shows {document.id!r}")


async def _remove_traces(key: Client, leftover: Leftover, *, dry: bool) -> Removal:
    count = 0
    for _ in range(_MOST_PAGES):
        found = await key.find_traces(leftover)
        count += len(found)
        if dry or not found:
            break
        for document in found:
            await _delete_trace(key, leftover, document_id=document.id)
    # The platform may write more, whenever it likes.
    return Removal(look=Look.ABSENT, documents=count)


async def _delete_trace(key: Client, leftover: Leftover, *, document_id: str) -> None:
    try:
        # Read again: it may have been given to somebody else since it was found.
        await key.delete_trace(leftover, await key.get_document(leftover.collection, document_id))
    except AppwriteError as error:
        if error.type != f"{key.family.document}_not_found":
            raise


async def _remove_account(key: Client, leftover: Leftover, fate: Fate, *, dry: bool) -> Removal:
    if fate is not Fate.MADE or dry:
        try:
            user = await key.get_user(leftover.id)
        except AppwriteError as error:
            if error.type != "user_not_found":
                raise
            return _GONE
        if user.email or user.phone:
            raise OwnFault(f"refused to delete {leftover}: it is no anonymous account any more")
    if not dry:
        await key.delete_user(leftover.id)
    return Removal(look=Look.GONE, documents=1)


async def _end_session(key: Client, leftover: Leftover, fate: Fate, *, dry: bool) -> Removal:
    session_id = checked(leftover.id)
    if fate is not Fate.MADE or dry:
        try:
            sessions = await key.list_user_sessions(leftover.by)
        except AppwriteError as error:
            if error.type != "user_not_found":
                raise
            return _GONE
        if all(session.id != session_id for session in sessions):
            return _GONE
    if not dry:
        await key.delete_user_session(leftover.by, session_id)
    return Removal(look=Look.GONE, documents=1)
