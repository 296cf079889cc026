"""
The Sentry SDK, kept from everything but what it knows best: making an envelope of an event.

Left alone, it queues in memory, sends from a thread, and loses what is not taken at once; it also patches libraries and
handles other people's log lines. Here it has a transport that hands the envelope back, no integration, and no place in
the process that anybody else could find it in. What it takes from the environment of the process is overruled.
"""

import gzip
from collections.abc import Mapping
from typing import Any

from sentry_sdk import Client
from sentry_sdk.attachments import Attachment
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from sentry_sdk.utils import Dsn

from monitor import __version__
from monitor.sinks.payload import Redact
from monitor.sinks.sentry_event import without_secrets
from monitor.sinks.settings import SentrySettings

_AGENT = f"monitor/{__version__}"


class Envelopes:
    """
    Makes envelopes for the project of *settings*; *url* and *headers* are where and how they are posted, *secrets* what
    is secret of that. Raises ``ValueError`` for a data source name that the SDK does not take.

    The SDK leaves one callback for forked processes behind for every instance, and never takes it back: one a sink.
    """

    def __init__(self, settings: SentrySettings, redact: Redact) -> None:
        self._redact = redact
        self._made = _Catching()
        dsn = settings.dsn.get_secret_value()
        auth = Dsn(dsn).to_auth(_AGENT)
        self.url = auth.get_api_url()
        self.secrets = tuple(filter(None, (auth.public_key, auth.secret_key)))
        self.headers = {
            "X-Sentry-Auth": auth.to_header(),
            "Content-Type": "application/x-sentry-envelope",
            "Content-Encoding": "gzip",
        }
        self._client = Client(
            dsn=dsn,
            transport=self._made,
            environment=settings.environment,
            release=f"monitor@{__version__}",
            before_send=self._before_send,
            integrations=[],
            default_integrations=False,
            auto_enabling_integrations=False,
            auto_session_tracking=False,
            enable_backpressure_handling=False,
            include_local_variables=False,
            max_breadcrumbs=0,
            debug=False,
            spotlight=False,
        )

    def make(self, payload: Mapping[str, object], files: Mapping[str, bytes] | None = None) -> bytes:
        """
        Return *payload*, an event or a check-in, with *files* attached, as a packed envelope; raise
        ``LookupError`` when the SDK made none, and whatever else it raises.
        """
        hint = {
            "attachments": [
                Attachment(bytes=content, filename=name, content_type="application/json")
                for name, content in (files or {}).items()
            ]
        }
        self._client.capture_event(dict(payload), hint)  # type: ignore[arg-type]
        return gzip.compress(self._made.take().serialize(), mtime=0)

    def _before_send(self, payload: Any, _: object) -> Any:
        return without_secrets(payload, self._redact)


class _Catching(Transport):
    """
    Keeps the last envelope that the SDK made, for whoever asked for it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._envelope: Envelope | None = None

    def capture_envelope(self, envelope: Envelope) -> None:
        self._envelope = envelope

    def take(self) -> Envelope:
        envelope, self._envelope = self._envelope, None
        if envelope is None:
            raise LookupError("the SDK made no envelope")
        return envelope
