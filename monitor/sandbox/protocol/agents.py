"""
What a session remembers of the program that opened it; only libraries are told apart.
"""

import re

# As they call themselves, and as Appwrite shows them.
_LIBRARIES = {
    "aiohttp": "aiohttp",
    "python-requests": "Python Requests",
    "python-urllib": "Python urllib",
    "curl": "curl",
    "axios": "Axios",
    "okhttp": "OkHttp",
}
_NAMED = re.compile(rf"\b({'|'.join(_LIBRARIES)})/(\d+(?:\.\d+)?)", re.IGNORECASE)
_FIELDS = (
    "osCode",
    "osName",
    "osVersion",
    "clientType",
    "clientCode",
    "clientName",
    "clientVersion",
    "clientEngine",
    "clientEngineVersion",
    "deviceName",
    "deviceBrand",
    "deviceModel",
)


def describe(agent: str) -> dict[str, str]:
    """
    Return the fields of a session on the program that calls itself *agent*.
    """
    fields = dict.fromkeys(_FIELDS, "")
    named = _NAMED.search(agent)
    if named is None:
        return fields
    return fields | {
        "clientType": "library",
        "clientName": _LIBRARIES[named[1].lower()],
        "clientVersion": named[2],
    }
