"""
healthchecks.io as far as a beat sees it: the ping addresses of one check.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from tests.fakes.receiver import Received, Receiver, Reply

CHECK_ID = "5b1f9f7e-3a52-4a0d-9d9e-0c8d3b1a2f44"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """
    A ping as it was counted.
    """

    is_failed: bool
    run_id: UUID
    body: str
    arrived: float


class FakeHealthchecks(Receiver):
    """
    Counts *beats*. To an unknown check it answers 200 and says so in the body only, as the real one does.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.beats: list[Beat] = []
        self.is_limiting = False

    @property
    def ping_url(self) -> str:
        """
        The address of the check.
        """
        return f"{self.url}/{CHECK_ID}"

    def process(self, received: Received) -> Reply:
        """
        Count a ping.
        """
        if self.is_limiting:
            return Reply(body=b"OK (rate limited)")
        if received.path not in {f"/{CHECK_ID}", f"/{CHECK_ID}/fail"}:
            return Reply(body=b"OK (not found)")
        try:
            run_id = UUID(parse_qs(received.query)["rid"][0])
        except (KeyError, ValueError):
            return Reply(status=400, body=b"invalid url format")
        beat = Beat(
            is_failed=received.path.endswith("/fail"),
            run_id=run_id,
            body=received.body.decode("utf-8"),
            arrived=received.arrived,
        )
        self.beats.append(beat)
        return Reply(body=b"OK")
