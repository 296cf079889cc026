"""
What a version of Appwrite offers, by its number (``appwrite-protocol.md`` 9).
"""

import re

_NUMBER = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")
_PING = (1, 6, 1)
_JWTS_FOR_KEYS = (1, 6, 0)


def has_ping(version: str) -> bool:
    """
    Return whether a server of *version* answers ``/ping``; one that says nothing readable is taken for a newer one.
    """
    return _numbers(version) >= _PING


def has_jwts_for_keys(version: str) -> bool:
    """
    Return whether keys can make JWTs of users on a server of *version*; an unreadable one is taken for a newer one.
    """
    return _numbers(version) >= _JWTS_FOR_KEYS


def _numbers(version: str) -> tuple[int, ...]:
    found = _NUMBER.match(version)
    return tuple(int(each or 0) for each in found.groups()) if found else _PING
