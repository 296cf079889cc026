"""
A receiver of webhooks as its operator would write it: checks the signature, drops repeats, keeps what came in order.
"""

import base64
import hashlib
import time
from typing import Any

from tests.fakes.receiver import Received, Receiver, Reply

SECRET = "hmac-secret-of-the-webhook"
_BLOCK_BYTES = 64
_MAX_AGE_SECONDS = 300.0


class FakeWebhook(Receiver):
    """
    Keeps the *events* that are signed with *secret* and fresh; repeats only unless it *drops_repeats*.

    *now* is the time that signatures are compared with.
    """

    def __init__(self, *, secret: str = SECRET, drops_repeats: bool = True, now: float | None = None, **settings: Any):
        super().__init__(**settings)
        self.events: list[dict[str, Any]] = []
        self.repeats = 0
        self._secret = secret
        self._drops_repeats = drops_repeats
        self._now = now
        self._seen: set[str] = set()

    def transitions(self, incident_id: str) -> list[str]:
        """
        Return what was said of one incident, in the order in which it came.
        """
        return [each["event"] for each in self.events if each["incident"]["id"] == incident_id]

    def process(self, received: Received) -> Reply:
        """
        Keep an event.
        """
        sent_at = received.headers.get("X-Monitor-Timestamp", "")
        if received.headers.get("X-Monitor-Signature") != f"v1={_signature(self._secret, sent_at, received.body)}":
            return Reply(status=401, body=b"the signature is wrong")
        if abs((self._now or time.time()) - int(sent_at)) > _MAX_AGE_SECONDS:
            return Reply(status=401, body=b"the time is too far away")
        event = received.json
        if received.headers["X-Monitor-Event-Id"] != event["id"]:
            return Reply(status=400, body=b"the ids differ")
        if event["id"] in self._seen:
            self.repeats += 1
            if self._drops_repeats:
                return Reply()
        self._seen.add(event["id"])
        self.events.append(event)
        return Reply()


def _signature(secret: str, sent_at: str, body: bytes) -> str:
    """
    Return the HMAC-SHA256 as RFC 2104 defines it, by none of the code under test.
    """
    key = secret.encode()
    key = (hashlib.sha256(key).digest() if len(key) > _BLOCK_BYTES else key).ljust(_BLOCK_BYTES, b"\0")
    inner = hashlib.sha256(bytes(each ^ 0x36 for each in key) + sent_at.encode() + b"." + body).digest()
    return base64.b16encode(hashlib.sha256(bytes(each ^ 0x5C for each in key) + inner).digest()).decode().lower()
