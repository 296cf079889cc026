"""
Which requests and events a fault concerns, where that is for the user to say.
"""

from collections.abc import Sequence
from typing import Literal

from aiohttp import web
from pydantic import Field, PrivateAttr

from monitor.sandbox.faults.fault import Fault

COLLECTION_ID = Field(default="chat_messages", min_length=1, max_length=36, description="id of the collection")
_USER_HEADERS = ("X-Appwrite-Session", "X-Appwrite-JWT", "X-Fallback-Cookies")
_READS = ("GET", "HEAD", "OPTIONS")


class Recurring(Fault):
    """
    Strikes every n-th time only.
    """

    every: int = Field(default=1, ge=1, le=1_000, description="strike every n-th time only")
    _passed: int = PrivateAttr(default=0)

    def _strikes(self) -> bool:
        """
        Count one more time; return whether it is the n-th.
        """
        self._passed = (self._passed + 1) % self.every
        return self._passed == 0


class OnRequests(Recurring):
    """
    Strikes some REST requests.
    """

    identity: Literal["any", "guest", "user", "key"] = Field(default="any", description="whose requests")
    methods: Literal["any", "read", "write"] = Field(default="any", description="which requests: GETs or the others")
    path: str = Field(default="", max_length=200, description="only paths below /v1 that begin so, such as /databases")

    def concerns(self, request: web.BaseRequest) -> bool:
        """
        Return whether the fault strikes *request*; to be asked once for each.
        """
        wanted = (
            self.identity in {"any", identity_of(request)}
            and (self.methods == "any" or (self.methods == "read") is (request.method in _READS))
            and request.path.startswith(f"/v1{self.path}")
        )
        return wanted and self._strikes()


class OnEvents(Recurring):
    """
    Strikes some document events.
    """

    collection: str = Field(default="", max_length=36, description="only events of this collection; empty for all")

    def concerns(self, channels: Sequence[str]) -> bool:
        """
        Return whether the fault strikes the event on *channels*; to be asked once for each.
        """
        wanted = not self.collection or any(
            channel.split(".")[2:5] == ["collections", self.collection, "documents"] for channel in channels
        )
        return wanted and self._strikes()


def identity_of(request: web.BaseRequest) -> str:
    """
    Return ``key``, ``user`` or ``guest``, as *request* presents itself.
    """
    if request.headers.get("X-Appwrite-Key"):
        return "key"
    with_session = any(request.headers.get(name, "{}") not in {"", "{}", "[]"} for name in _USER_HEADERS)
    with_cookie = any(name.startswith("a_session_") for name in request.cookies)
    return "user" if with_session or with_cookie else "guest"
