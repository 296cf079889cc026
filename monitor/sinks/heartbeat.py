"""
The outbound dead man's switch, in the form of healthchecks.io: it pages when this program is heard of no more.

It is no sink of incidents: a beat says that checks really run, and ``/fail`` that nothing can be judged.
"""

from urllib.parse import urlencode, urlsplit
from uuid import UUID

from monitor.core.clock import Clock
from monitor.sinks.base import ATTEMPT_SECONDS, DELIVERED, Answer, Result
from monitor.sinks.http import HttpClient
from monitor.sinks.payload import Redact, clean, cut
from monitor.sinks.settings import HeartbeatSettings

# What is kept of a body there.
MAX_BODY_BYTES = 10_000

# To an address with a UUID the service answers 200 whatever it did, and says the truth in the body.
_NOT_COUNTED = {
    b"(not found)": Answer(
        result=Result.REFUSED, why="heartbeat: no check has the address that is configured: copy its ping URL anew"
    ),
    b"(rate limited)": Answer(
        result=Result.RETRY, why="heartbeat: more beats than the service takes: raise the interval 'every'"
    ),
}


class HeartbeatClient:
    """
    Sends beats to the configured address.
    """

    name = "heartbeat"

    def __init__(
        self, settings: HeartbeatSettings, *, redact: Redact, clock: Clock, attempt_seconds: float = ATTEMPT_SECONDS
    ) -> None:
        self._url = settings.url.get_secret_value()
        self._redact = redact
        self._http = HttpClient(
            self.name, redact=redact, clock=clock, attempt_seconds=attempt_seconds, secrets=(self._url,)
        )

    async def beat(self, *, run_id: UUID | str, failed: str = "") -> Answer:
        """
        Attempt once to say that checks run, or why nothing can be judged (*failed*); *run_id* is a UUID of this beat.
        """
        body = cut(clean(failed, self._redact), MAX_BODY_BYTES) if failed else "checks run"
        reply = await self._http.exchange(
            "POST",
            self._address(run_id, is_failed=bool(failed)),
            body=body.encode(),
            headers={"Content-Type": "text/plain; charset=utf-8"},
        )
        if reply.answer != DELIVERED:
            return reply.answer
        said = reply.body.strip().lower()
        return next((answer for end, answer in _NOT_COUNTED.items() if said.endswith(end)), DELIVERED)

    async def close(self) -> None:
        """
        Let go of connections.
        """
        await self._http.close()

    def _address(self, run_id: UUID | str, *, is_failed: bool) -> str:
        parts = urlsplit(self._url)
        query = "&".join(filter(None, (parts.query, urlencode({"rid": str(run_id)}))))
        path = f"{parts.path.rstrip('/')}/fail" if is_failed else parts.path
        return parts._replace(path=path, query=query, fragment="").geturl()
