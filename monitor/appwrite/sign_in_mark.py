"""
The mark by which a session can be told whose sign-in was never answered.

Appwrite chooses the ids of sessions and of anonymous accounts, and takes no other data with a sign-in. But a session
shows the program that opened it, and its version to the minor, taken from the User-Agent: recorded, aiohttp 3.14.1 is
shown as ``aiohttp`` ``3.14``. So each sign-in calls itself a version of aiohttp that nobody else ever is.
"""

import secrets

from monitor import __version__
from monitor.appwrite.answers import Session

_LIBRARY = "aiohttp"
# With the "1." before them 16 characters, the room that Appwrite has for a version.
_DIGITS = 14


def new_mark() -> str:
    """
    Return a mark that no other sign-in has.
    """
    return f"1.{secrets.randbelow(9 * 10 ** (_DIGITS - 1)) + 10 ** (_DIGITS - 1)}"


def agent_of(mark: str) -> str:
    """
    Return the User-Agent by which a session gets *mark*.
    """
    return f"monitor/{__version__} (synthetic) {_LIBRARY}/{mark}"


def bears(session: Session, mark: str) -> bool:
    """
    Return whether *session* is that of the sign-in with *mark*.
    """
    return bool(mark) and (session.client_name, session.client_version) == (_LIBRARY, mark)
