"""
A real daemon that watches a sandbox in which things go wrong in turn, scraped by a real Prometheus.

It has whatever makes a metric: a certificate, a held socket, a matrix, a journey, a pager that is reached, a receiver
that is not, and a test page that is due.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
import yaml

from monitor import demo
from monitor.alerting.records import Records, SentCanary
from monitor.sandbox.server import Sandbox
from monitor.store import Store
from tests.bench.blackbox import free_port
from tests.dashboards.scraper import Prometheus, prometheus
from tests.e2e.daemon import Daemon
from tests.e2e.process import running
from tests.fakes.hostile import answering, http, serving
from tests.fakes.pagerduty import API_TOKEN, ROUTING_KEY, FakePagerDuty

LOCATION = "fra1"
# Short, so that everything has run a few times within seconds; below what Appwrite would allow in sum.
_CHECKS = {
    "api": "{kind: http_endpoint, every: 2s, timeout: 1s, url: '${SANDBOX_ENDPOINT}/health/version'}",
    "secure-site": "{kind: http_endpoint, every: 5s, timeout: 2s, url: 'https://127.0.0.1:SECURE/'}",
    "chat-messages-exist": "{kind: collection_exists, every: 3s, timeout: 2s, collection: chat_messages}",
    "schema": "{kind: collection_schema, every: 4s, timeout: 3s}",
    "access": "{kind: permission_matrix, every: 8s, timeout: 6s, identities: [guest, customer], event_within: 1s,"
    " collections: [chat_messages]}",
    "realtime-therapist": "{kind: websocket_connect, every: 5s, timeout: 3s, identity: therapist}",
    "realtime-held": "{kind: realtime_watch, every: 5s, timeout: 3s, identity: therapist, ping_every: 3s}",
    "chat-delivery": "{kind: realtime_delivery, every: 6s, timeout: 5s, collection: chat_messages, writer: customer,"
    " reader: therapist, readable_by: ['team:synthetic-pair'], events: 2, late_after: 1s, event_within: 2s}",
    "booking-to-chat": "{kind: booking_to_chat, every: 10s, timeout: 8s, profile: {like: march,"
    " share: ['team:synthetic-pair']}, customer: customer, therapist: therapist, event_within: 2s}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """
    What is watched, who asks, and the *address* of the daemon.
    """

    sandbox: Sandbox
    prometheus: Prometheus
    address: str
    _process: asyncio.subprocess.Process = field(repr=False)

    def end(self) -> None:
        """
        End the daemon as a power cut does.
        """
        self._process.kill()


@asynccontextmanager
async def watched(folder: Path) -> AsyncIterator[Watched]:
    """
    Start all of it, in *folder*.
    """
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    authority.issue_cert("127.0.0.1", not_after=datetime.now(UTC) + timedelta(days=30)).configure_cert(context)
    async with (
        Sandbox() as sandbox,
        FakePagerDuty() as pagerduty,
        serving(answering(http(b"ok")), tls=context) as secure,
    ):
        path = await _configured(folder, pagerduty, secure=secure)
        env = {**demo.environment(sandbox), "SSL_CERT_FILE": str(folder / "ca.pem")}
        async with running("run", "-c", str(path), env=env, within_seconds=110.0) as process:
            daemon = Daemon(process)
            address = (await daemon.until("daemon.started"))["web"]
            # Read on, or the daemon could not write.
            reading = asyncio.create_task(daemon.until("never"))
            try:
                async with prometheus(folder, scrape=[address.removeprefix("http://")]) as server:
                    yield Watched(sandbox=sandbox, prometheus=server, address=address, _process=process)
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)


async def _configured(folder: Path, pagerduty: FakePagerDuty, *, secure: int) -> Path:
    document = yaml.safe_load(demo.CONFIG.read_text())
    checks = {name: yaml.safe_load(text.replace("SECURE", str(secure))) for name, text in _CHECKS.items()}
    pager = {"url": pagerduty.enqueue_url, "routing_key": ROUTING_KEY, "api_token": API_TOKEN, "api_url": pagerduty.url}
    document |= {
        "location": LOCATION,
        "checks": checks,
        "store": {"path": str(folder / "monitor.db")},
        "alerts": {"confirm_every": "500ms", "canary": {"every": "60s", "within": "20s"}},
        # Nobody listens there.
        "sinks": {"pagerduty": pager, "webhook": {"url": f"http://127.0.0.1:{free_port()}/", "secret": "s" * 32}},
        "log": {"format": "json"},
    }
    (folder / document["manifest"]).write_text((demo.CONFIG.parent / document["manifest"]).read_text())
    path = folder / "monitor.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    await _owe_a_test_page(folder / "monitor.db")
    return path


async def _owe_a_test_page(path: Path) -> None:
    """
    Have the last test page be older than its interval: the least one is longer than a test.
    """
    store = Store.open(path)
    sent = SentCanary(sent_at=datetime.now(UTC) - timedelta(seconds=90))
    await Records(store, target="sandbox", location=LOCATION).note_canary("pagerduty", sent)
    store.close()
