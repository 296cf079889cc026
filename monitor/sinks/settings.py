"""
What is configured of each sink: where it is, what it needs to be let in, and which severities it gets.
"""

import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from monitor.core.duration import Duration
from monitor.core.section import Section, some
from monitor.core.severity import Severity
from monitor.core.target import BaseUrl, HeaderSecret, HttpUrl, SecretRefused, http_url

_ALL = tuple(Severity)
# https://KEY@HOST/PROJECT, the form of a data source name.
_DSN = re.compile(
    r"https?://[^\s:@/]+(?::[^\s@/]*)?@(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?/(?:[^\s]*/)?[0-9]+"
)


def _secret_url(secret: SecretStr) -> SecretStr:
    """
    Return *secret* when it is an absolute http(s) address; raise ``SecretRefused`` otherwise.
    """
    try:
        http_url(secret.get_secret_value())
    except ValueError:
        raise SecretRefused("must be an address: http:// or https://, a host, and a path") from None
    return secret


def _dsn(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    try:
        is_one = bool(_DSN.fullmatch(text)) and urlsplit(text).port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise SecretRefused("must be a data source name, as Sentry shows it: https://KEY@HOST/PROJECT")
    return secret


# An address that lets in whoever knows it.
SecretUrl = Annotated[SecretStr, AfterValidator(_secret_url)]
LabelName = Annotated[str, Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")]
Severities = Annotated[
    tuple[Severity, ...], AfterValidator(some), Field(description="what it is sent: page, ticket, info")
]


class SentrySettings(Section):
    """
    Sentry, or what speaks its protocol: one issue per target and cause, and check-ins of the daemon's pulse.
    """

    dsn: Annotated[SecretStr, AfterValidator(_dsn)] = Field(description="data source name of the project")
    environment: str = Field(default="production", pattern=r"^[^\s/]{1,64}$", description="environment of the events")
    check_in: str | None = Field(
        default="monitor",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,49}$",
        description="slug of the cron monitor that the daemon's pulse checks in with; null for none",
    )
    severities: Severities = _ALL


class PagerDutySettings(Section):
    """
    PagerDuty's Events API v2.
    """

    routing_key: HeaderSecret = Field(description="integration key of the service")
    url: HttpUrl = Field(default="https://events.pagerduty.com/v2/enqueue", description="address of the Events API")
    api_token: HeaderSecret | None = Field(
        default=None, description="REST API token (read-only will do), to read back what a canary page did"
    )
    api_url: BaseUrl = Field(default="https://api.pagerduty.com", description="address of the REST API")
    severities: Severities = (Severity.PAGE,)


class AlertmanagerSettings(Section):
    """
    Prometheus Alertmanager's API v2.
    """

    url: BaseUrl = Field(description="address, without /api/v2")
    username: str | None = Field(default=None, min_length=1, description="user of basic authentication")
    password: HeaderSecret | None = Field(default=None, description="password of basic authentication")
    labels: Mapping[LabelName, str] = Field(
        default_factory=dict, max_length=20, description="further labels of every alert"
    )
    repeat_seconds: Duration = Field(
        default=60.0,
        ge=1.0,
        le=3600.0,
        description="how often an open alert is sent again; forgotten after four times that",
    )
    severities: Severities = _ALL


class WebhookSettings(Section):
    """
    JSON to an address of one's own, signed.
    """

    url: SecretUrl = Field(description="address that is posted to")
    secret: SecretStr | None = Field(
        default=None, description="key of the HMAC-SHA256 signature; without, none is sent"
    )
    severities: Severities = _ALL


class SlackSettings(Section):
    """
    An incoming webhook of Slack, or of what understands the same (Mattermost, Rocket.Chat, Discord's /slack).
    """

    url: SecretUrl = Field(description="address of the incoming webhook")
    severities: Severities = (Severity.PAGE, Severity.TICKET)


class HeartbeatSettings(Section):
    """
    Outbound dead man's switch, in the form of healthchecks.io: sent only while checks really run.
    """

    url: SecretUrl = Field(description="ping address; /fail is added to it when nothing can be judged")
    every_seconds: Duration = Field(default=60.0, ge=1.0, le=86400.0, description="interval between two beats")


class SinkSettings(Section):
    """
    Where incidents go; what is left out is not used.
    """

    sentry: SentrySettings | None = Field(default=None, description="Sentry")
    pagerduty: PagerDutySettings | None = Field(default=None, description="PagerDuty")
    alertmanager: AlertmanagerSettings | None = Field(default=None, description="Alertmanager")
    webhook: WebhookSettings | None = Field(default=None, description="an address of one's own")
    slack: SlackSettings | None = Field(default=None, description="Slack")
    heartbeat: HeartbeatSettings | None = Field(default=None, description="dead man's switch")

    def told_of(self, severity: Severity) -> tuple[str, ...]:
        """
        Return the names of the sinks that are told of incidents of *severity*.
        """
        return tuple(name for name, section in self if severity in getattr(section, "severities", ()))
