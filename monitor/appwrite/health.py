"""
What the server says of its own health, asked with the server key.

Its health is that of the installation, shared by all projects. The cloud and newer versions do not offer every part of
it to keys (``appwrite-protocol.md`` 6): they answer 401 (scope), 403 or 404, and nothing follows from that.
"""

from collections.abc import Mapping

from monitor.appwrite.answers import PoolStatus, PoolStatuses, QueueSize, shape
from monitor.appwrite.caller import Caller
from monitor.appwrite.credentials import blame
from monitor.appwrite.errors import AppwriteError, read_json

# Above it the server itself calls a queue too long, unless it is told another limit.
_THRESHOLD = 5_000
_QUEUE_TOO_LONG = "health_queue_size_exceeded"


class Health(Caller):
    """
    What the key can ask about the health of the server.
    """

    async def list_pools(self, service: str) -> tuple[PoolStatus, ...] | None:
        """
        Return the pools (or the one part) of a *service* with their status; None when the server does not offer it.
        """
        thing = f"health of {service!r}"
        answer = await self._ask_health(f"/health/{service}", thing=thing)
        if answer is None:
            return None
        if "statuses" in answer:
            return shape(PoolStatuses, answer, thing=thing).statuses
        return (shape(PoolStatus, answer, thing=thing),)

    async def get_queue_size(self, queue: str, *, most: int, is_appwrite: bool) -> int | None:
        """
        Return how many jobs *queue* holds, ``failed/NAME`` for those that failed; None when it is not offered.

        A server does not count beyond its limit: then a number above *most* is returned that the size at least has.
        *is_appwrite*: that is known, so that a page of 404 says that there is no such queue, whoever signed it.
        """
        threshold = max(most + 1, _THRESHOLD)
        thing = f"queue {queue!r}"
        try:
            answer = await self._ask_health(f"/health/queue/{queue}?threshold={threshold}", thing=thing)
        except AppwriteError as error:
            if error.type == _QUEUE_TOO_LONG:
                return threshold
            if is_appwrite and error.status == 404 and not error.type:
                return None
            raise
        return None if answer is None else shape(QueueSize, answer, thing=thing).size

    async def _ask_health(self, path: str, *, thing: str) -> Mapping[str, object] | None:
        response = await self.send("GET", path)
        try:
            return read_json(response, thing=thing, identity=self.identity)
        except AppwriteError as error:
            if _is_not_offered(error):
                return None
            raise await blame(self, error) from None


def _is_not_offered(error: AppwriteError) -> bool:
    # A page of something before Appwrite is not its word, and a missing project is no lack of the server.
    is_its_word = bool(error.type) or bool(error.evidence.get("server_is_appwrite"))
    is_refused = error.type == "general_unauthorized_scope" or error.status in {403, 404}
    return is_its_word and is_refused and error.type != "project_not_found"
