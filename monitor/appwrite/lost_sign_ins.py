"""
Ends sessions, and removes anonymous accounts, of sign-ins whose answer nobody has seen: known by the mark they bear.
"""

from monitor.appwrite.accounts import USERS_PER_PAGE
from monitor.appwrite.answers import Session, User
from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.rest import Client
from monitor.appwrite.sign_in_mark import bears
from monitor.core.leftover import Leftover, Look, Removal, What

# Of a hundred accounts each, the first ones after the sign-in: one that was lost is among the first.
_MOST_PAGES = 5
_ABSENT = Removal(look=Look.ABSENT)


async def undo_sign_in(key: Client, sign_in: Leftover, *, dry: bool) -> Removal:
    """
    End the session that *sign_in* has opened, or remove the account that it has made, if it has.
    """
    if sign_in.what is What.ANONYMOUS_SIGN_IN:
        return await _remove_visitor(key, sign_in, dry=dry)
    for user in await key.find_users(sign_in.by):
        session = await _marked_session(key, user, sign_in)
        if session is not None:
            if not dry:
                await key.delete_marked_session(sign_in, session)
            return Removal(look=Look.GONE, documents=1)
    return _ABSENT


async def _remove_visitor(key: Client, sign_in: Leftover, *, dry: bool) -> Removal:
    for page in range(_MOST_PAGES):
        # Not by cursor, since the user at the end of a page may be deleted before the next one is asked for.
        users = await key.list_users_since(sign_in.by, skip=page * USERS_PER_PAGE)
        for user in users:
            session = None if user.email or user.phone else await _marked_session(key, user, sign_in)
            if session is not None:
                if not dry:
                    await key.delete_marked_user(sign_in, user, session)
                return Removal(look=Look.GONE, documents=1)
        if len(users) < USERS_PER_PAGE:
            break
    return _ABSENT


async def _marked_session(key: Client, user: User, sign_in: Leftover) -> Session | None:
    try:
        sessions = await key.list_user_sessions(user.id)
    except AppwriteError as error:
        # He has gone since he was found.
        if error.type != "user_not_found":
            raise
        return None
    return next((each for each in sessions if bears(each, sign_in.id)), None)
