"""
The sections ``alerts`` and ``sinks``: what they take, and what they refuse with place and remedy.
"""

import json
from collections.abc import Mapping

import jsonschema
import pytest
import yaml

from monitor.config.schema import json_schema
from monitor.core.severity import Severity
from tests.config.example import GOOD, REGISTRY, load, problems

FULL = """\
alerts:
  open_after: 3
  resolve_after: 1
  confirm_every: 500ms
  remind_every: 1h
  quorum: 2
  maintenance:
    backup: {checks: ["chat-*", flow], days: [sun], at: "02:30", for: 90m, timezone: Europe/Berlin}
  canary: {every: 1d, within: 5m, sinks: [pagerduty], acknowledged: true}
sinks:
  sentry: {dsn: "https://0123456789abcdef0123456789abcdef@sentry.example.com/7", environment: eu, check_in: null}
  pagerduty: {routing_key: R0123456789abcdef, api_token: token-of-the-rest-api, severities: [page, ticket]}
  alertmanager: {url: "http://127.0.0.1:9093", username: ann, password: secret-of-ann, labels: {team: x}, repeat: 30s}
  webhook: {url: "https://hooks.example.com/secret-path", secret: key-of-the-signature}
  slack: {url: "https://hooks.slack.example.com/services/T0/B0/x", severities: [info]}
  heartbeat: {url: "https://hc-ping.example.com/uuid", every: 30s}
"""
SECRETS = (
    "0123456789abcdef0123456789abcdef",
    "R0123456789abcdef",
    "token-of-the-rest-api",
    "secret-of-ann",
    "secret-path",
    "key-of-the-signature",
    "services/T0",
    "hc-ping.example.com/uuid",
)


def test_takes_all_there_is() -> None:
    settings = load(GOOD + FULL)

    assert (settings.alerts.open_after, settings.alerts.confirm_every_seconds) == (3, 0.5)
    assert settings.alerts.maintenance["backup"].for_seconds == 5400.0
    assert settings.alerts.canary is not None
    assert settings.sinks.pagerduty is not None
    assert settings.sinks.pagerduty.severities == (Severity.PAGE, Severity.TICKET)
    assert settings.sinks.heartbeat is not None


def test_without_both_nobody_is_told_and_the_defaults_hold() -> None:
    settings = load(GOOD)

    assert (settings.alerts.open_after, settings.alerts.resolve_after) == (2, 2)
    assert all(getattr(settings.sinks, name) is None for name in type(settings.sinks).model_fields)


def test_pages_are_what_pagerduty_gets_unless_told_otherwise() -> None:
    settings = load(f"{GOOD}sinks: {{pagerduty: {{routing_key: R0123456789abcdef}}}}\n")

    assert settings.sinks.pagerduty is not None
    assert settings.sinks.pagerduty.severities == (Severity.PAGE,)


def test_a_check_says_how_urgent_it_is() -> None:
    settings = load(GOOD.replace("reader: customer", "reader: customer, severity: ticket"))

    assert settings.checks["flow"].severity is Severity.TICKET
    assert settings.checks["chat-delivery"].severity is Severity.PAGE


def test_secrets_may_come_from_files_and_variables(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("secrets") / "key"
    file.write_text("R-from-a-file\n", encoding="utf-8")

    settings = load(
        f"{GOOD}sinks: {{pagerduty: {{routing_key_file: {file}}}, slack: {{url: x}}}}\n",
        {"MONITOR_SINKS__SLACK__URL": "https://hooks.example.com/x"},
    )

    assert settings.sinks.pagerduty is not None
    assert settings.sinks.pagerduty.routing_key.get_secret_value() == "R-from-a-file"
    assert settings.sinks.slack is not None


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_is_in_the_text_of_the_settings(secret: str) -> None:
    assert secret not in repr(load(GOOD + FULL))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "alerts: {open_after: 0}", "19:22: alerts.open_after: must be at least 1, got 0", id="never-believed"
        ),
        pytest.param(
            "alerts: {confirm_every: 10ms}",
            "19:25: alerts.confirm_every: must be at least 50ms, got 10ms",
            id="confirmed-too-often",
        ),
        pytest.param(
            'alerts: {maintenance: {x: {at: "2:00", for: 1h}}}',
            "19:32: alerts.maintenance.x.at: must be a time of day with two digits each, such as 02:30, got '2:00'",
            id="no-time-of-day",
        ),
        pytest.param(
            'alerts: {maintenance: {x: {at: "02:00", for: 1h, timezone: Mars}}}',
            "19:60: alerts.maintenance.x.timezone: 'Mars' is no time zone: give a name such as UTC or Europe/Berlin",
            id="no-time-zone",
        ),
        pytest.param(
            'alerts: {maintenance: {x: {at: "02:00", for: 1h, checks: [chat-delivry]}}}',
            "19:59: alerts.maintenance.x.checks[0]: no check is called 'chat-delivry': did you mean chat-delivery?",
            id="maintenance-of-no-check",
        ),
        pytest.param(
            "alerts: {canary: {every: 1d}}",
            "19:18: alerts.canary: no sink 'pagerduty' is configured: expected a sink that is configured under sinks",
            id="canary-without-a-sink",
        ),
        pytest.param(
            "alerts: {canary: {sinks: [slack]}}\nsinks: {pagerduty: {routing_key: R0123456789}}",
            "19:27: alerts.canary.sinks[0]: no sink 'slack' is configured: expected pagerduty",
            id="canary-through-another-sink",
        ),
        pytest.param(
            "alerts: {canary: {acknowledged: true}}\nsinks: {pagerduty: {routing_key: R0123456789}}",
            "19:33: alerts.canary.acknowledged: an acknowledgement can only be read back of pagerduty, with"
            " sinks.pagerduty.api_token: give both",
            id="nobody-can-ask-for-the-acknowledgement",
        ),
        pytest.param(
            "alerts: {canary: {every: 2m, within: 3m}}\nsinks: {pagerduty: {routing_key: R0123456789}}",
            "19:38: alerts.canary.within: must be shorter than every: a page has to be over before the next",
            id="canaries-that-overlap",
        ),
        pytest.param(
            "sinks: {alertmanager: {url: 'http://h:9093', username: ann}}",
            "19:56: sinks.alertmanager.username: is given without password: give both, or neither",
            id="half-a-password",
        ),
        pytest.param(
            "sinks: {sentry: {dsn: 'https://sentry.example.com/7'}}",
            "19:23: sinks.sentry.dsn: must be a data source name, as Sentry shows it: https://KEY@HOST/PROJECT",
            id="no-dsn",
        ),
        pytest.param(
            "sinks: {webhook: {url: hunter2}}",
            "19:24: sinks.webhook.url: must be an address: http:// or https://, a host, and a path",
            id="no-address",
        ),
        pytest.param(
            "sinks: {pagerduty: {}}",
            "19:9: sinks.pagerduty.routing_key: is missing: add it, or routing_key_file",
            id="no-key",
        ),
        pytest.param(
            "sinks: {pagerdutty: {routing_key: x}}",
            "19:9: sinks.pagerdutty: unknown key: did you mean pagerduty?",
            id="misspelt-sink",
        ),
        pytest.param(
            "sinks: {slack: {url: 'https://h/x', severities: [pages]}}",
            "19:50: sinks.slack.severities[0]: must be page, ticket or info, got pages: did you mean page?",
            id="no-severity",
        ),
        pytest.param(
            "sinks: {alertmanager: {url: 'http://h:9093', labels: {my-team: x}}}",
            "19:55: sinks.alertmanager.labels.my-team: must match ^[a-zA-Z_][a-zA-Z0-9_]*$, got my-team",
            id="no-label",
        ),
    ],
)
def test_refuses_what_cannot_be(text: str, expected: str) -> None:
    found = problems(f"{GOOD}{text}\n")

    assert found == [expected]


@pytest.mark.parametrize(
    "dsn",
    ["https://key@host:port/1", "https://key@[::/1", "https://key@host:99999/1", "https://key@host/", "key@host/1"],
)
def test_a_data_source_name_that_cannot_be_used_is_refused_unseen(dsn: str) -> None:
    [problem] = problems(f"{GOOD}sinks: {{sentry: {{dsn: '{dsn}'}}}}\n")

    assert "must be a data source name" in problem
    assert dsn not in problem


def test_the_schema_for_editors_takes_it_too() -> None:
    schema: Mapping[str, object] = json.loads(json.dumps(json_schema(REGISTRY)))

    jsonschema.validate(yaml.safe_load(GOOD + FULL), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(f"{GOOD}sinks: {{pagerduty: {{}}}}"), schema)
