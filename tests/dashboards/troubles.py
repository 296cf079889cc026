"""
A page of metrics on which every alert has its trouble: what no daemon can be made to show within a minute.

Each alert has a target of its own, called as the alert is, so that none holds another back.
"""

import time
from collections.abc import Iterator

from tests.fakes.receiver import Received, Receiver, Reply

_DAY = 86_400.0
_FLOW = {"check": "booking-to-chat", "kind": "booking_to_chat"}
_OTHER = {"check": "site", "kind": "http_endpoint"}

# Metric, labels beside the target's, value.
Sample = tuple[str, dict[str, str], float]


class Troubles(Receiver):
    """
    Serves ``/metrics``: nothing until it is *switched_on*, then every trouble.
    """

    def __init__(self) -> None:
        super().__init__()
        self._since: float | None = None

    def switch_on(self) -> None:
        """
        Let there be monitors, and everything be wrong with them.
        """
        self._since = time.monotonic()

    def process(self, received: Received) -> Reply:
        """
        Return the page as it is now.
        """
        if self._since is None:
            return Reply(headers={"Content-Type": "text/plain; version=0.0.4"})
        seconds = int(time.monotonic() - self._since)
        lines = [
            _line(name, {"target": target, "location": "fra", **labels}, value)
            for target, samples in _samples(seconds, time.time()).items()
            for name, labels, value in samples
        ]
        body = "\n".join(sorted(lines)) + "\n"
        return Reply(body=body.encode(), headers={"Content-Type": "text/plain; version=0.0.4"})


def _line(name: str, labels: dict[str, str], value: float) -> str:
    shown = ",".join(f'{key}="{text}"' for key, text in labels.items())
    return f"{name}{{{shown}}} {value}"


def _samples(seconds: int, now: float) -> dict[str, list[Sample]]:
    """
    Return the samples by target, *seconds* after everything went wrong.
    """
    alive: list[Sample] = [
        ("synthetic_config_reload_success", {}, 1.0),
        ("synthetic_check_interval_seconds", _FLOW, 60.0),
        ("synthetic_check_interval_seconds", _OTHER, 60.0),
        ("synthetic_check_last_run_timestamp_seconds", _OTHER, now),
    ]
    found = {name: [*alive, *samples] for name, samples in _troubles(seconds, now).items()}
    # Those whose trouble is what they lack.
    found["MonitorNotReady"] = alive[:1]
    found["MonitorAbsent"] = alive if seconds < 3 else []
    found["MonitorStuck"] = [*alive[:3], ("synthetic_check_last_run_timestamp_seconds", _OTHER, now - 3600)]
    found["ReloadRefused"] = [("synthetic_config_reload_success", {}, 0.0), *alive[1:]]
    return found


def _troubles(seconds: int, now: float) -> dict[str, list[Sample]]:
    return {
        "IncidentPages": [_incident("page", "realtime_silent")],
        "IncidentAtOneLocation": [
            _incident("page", "tcp"),
            ("synthetic_config_reload_success", {"location": "sin"}, 1.0),
            ("synthetic_check_interval_seconds", {**_FLOW, "location": "sin"}, 60.0),
            ("synthetic_check_last_run_timestamp_seconds", {**_FLOW, "location": "sin"}, now),
        ],
        "IncidentWaits": [_incident("ticket", "key_invalid")],
        "PrivateDataExposed": [
            ("synthetic_permission_cells", {"check": "a", "kind": "permission_matrix", "state": "excess"}, 2.0)
        ],
        "BookingFlowDown": [("synthetic_check_up", _FLOW, 0.0)],
        # All runs; one of a hundred; one of 250.
        "BookingFlowBurnsFast": _runs(_FLOW, passed=0, failed=seconds),
        "BookingFlowBurnsSlow": _runs(_FLOW, passed=990 * seconds, failed=10 * seconds),
        "BudgetBurns": _runs(_OTHER, passed=996 * seconds, failed=4 * seconds),
        "BudgetSpent": _runs(_OTHER, passed=996 * seconds, failed=4 * seconds),
        "CheckSlow": _runs(_OTHER, passed=seconds, failed=0, degraded=seconds),
        "CertificateExpires": [("synthetic_certificate_expiry_timestamp_seconds", _OTHER, now + 5 * _DAY)],
        "CertificateExpiresNow": [("synthetic_certificate_expiry_timestamp_seconds", _OTHER, now + _DAY)],
        "SchemaDrifts": [("synthetic_schema_differences", {**_OTHER, "severity": "breaking"}, 1.0)],
        "LeftoversStay": [
            ("synthetic_leftover_oldest_timestamp_seconds", {"collection": "bookings"}, now - 4000.0),
        ],
        "CheckNotRun": [("synthetic_check_last_run_timestamp_seconds", _FLOW, now - 3600.0)],
        "PagerSinkStuck": [_waits("pagerduty", now - 400.0)],
        "SinkStuck": [_waits("sentry", now - 1000.0)],
        "SinkFails": _attempts("sentry", delivered=0, refused=seconds),
        "CanaryNotSeen": [("synthetic_canary_page_last_seen_timestamp_seconds", {"sink": "pagerduty"}, now - 9 * _DAY)],
        "LoopLags": [
            ("synthetic_loop_lag_seconds_bucket", {"le": "0.25"}, 9.0 * seconds),
            ("synthetic_loop_lag_seconds_count", {}, 10.0 * seconds),
        ],
        "RunsMissed": [("synthetic_runs_missed_total", {}, float(seconds))],
        "RunsErrored": [
            ("synthetic_check_runs_total", {**_OTHER, "status": "errored"}, float(seconds)),
            ("synthetic_check_runs_total", {**_OTHER, "status": "passed"}, 0.0),
        ],
        # Anew every two seconds.
        "MonitorRestarts": [("synthetic_loop_lag_seconds_count", {}, float(seconds % 2))],
        "MonitorPagesItself": [*_attempts("pagerduty", delivered=1, refused=0), _incident("page", "dns")],
    }


def _incident(severity: str, cause: str) -> Sample:
    return ("synthetic_incident_open", {"severity": severity, "cause": cause}, 1.0)


def _waits(sink: str, since: float) -> Sample:
    return ("synthetic_outbox_oldest_timestamp_seconds", {"sink": sink}, since)


def _attempts(sink: str, *, delivered: int, refused: int) -> list[Sample]:
    results = {"delivered": delivered, "refused": refused}
    name = "synthetic_sink_deliveries_total"
    return [(name, {"sink": sink, "result": result}, float(count)) for result, count in results.items()]


def _runs(check: dict[str, str], *, passed: int, failed: int, degraded: int = 0) -> list[Sample]:
    counts = {"passed": passed, "failed": failed, "degraded": degraded}
    return [
        ("synthetic_check_runs_total", {**check, "status": status}, float(count)) for status, count in counts.items()
    ]


def named() -> Iterator[str]:
    """
    Iterate over the metrics of the page.
    """
    for samples in _samples(0, 0.0).values():
        yield from (name for name, _, _ in samples)
