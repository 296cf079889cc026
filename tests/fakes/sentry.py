"""
Sentry's ingestion, as far as a client can tell: takes envelopes for one project, and shows what is in them.
"""

import json
import ssl
from typing import Any

from sentry_sdk.envelope import Envelope

from tests.fakes.receiver import Received, Receiver, Reply

KEY, PROJECT = "0123456789abcdef0123456789abcdef", 42


class FakeSentry(Receiver):
    """
    Answers as Sentry does: 403 to a wrong key, 413 to an envelope of more than *max_bytes*, unpacked.

    *limits* is the ``X-Sentry-Rate-Limits`` header of good answers.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls=tls)
        self.envelopes: list[Envelope] = []
        self.max_bytes = 8 << 20
        self.limits = "86400:transaction;span:organization"

    @property
    def dsn(self) -> str:
        """
        The data source name of the project.
        """
        return f"{self.url.replace('://', f'://{KEY}@')}/{PROJECT}"

    @property
    def raw(self) -> bytes:
        """
        Every byte that came, heads included, unpacked.
        """
        return b"\n".join(
            repr((each.path, each.query, dict(each.headers))).encode() + each.body for each in self.requests
        )

    def events(self) -> list[dict[str, Any]]:
        """
        Return the events, in the order in which they came.
        """
        return [dict(event) for envelope in self.envelopes if (event := envelope.get_event())]

    def check_ins(self) -> list[dict[str, Any]]:
        """
        Return the check-ins, in the order in which they came.
        """
        items = [item for envelope in self.envelopes for item in envelope if item.type == "check_in"]
        return [json.loads(item.get_bytes()) for item in items]

    def files(self) -> dict[str, bytes]:
        """
        Return what was attached to the last envelope, by name.
        """
        items = [item for item in self.envelopes[-1] if item.type == "attachment"]
        return {item.headers["filename"]: item.get_bytes() for item in items}

    def process(self, received: Received) -> Reply:
        """
        Take an envelope.
        """
        is_ours = received.path == f"/api/{PROJECT}/envelope/"
        if not is_ours or f"sentry_key={KEY}," not in received.headers.get("X-Sentry-Auth", ""):
            return Reply(status=403, body=b'{"detail":"Denied","errors":["project id or key"]}')
        if len(received.body) > self.max_bytes:
            return Reply(status=413, body=b'{"detail":"Too large"}')
        envelope = Envelope.deserialize(received.body)
        self.envelopes.append(envelope)
        answer = json.dumps({"id": envelope.headers["event_id"]})
        return Reply(body=answer.encode(), headers={"X-Sentry-Rate-Limits": self.limits})
