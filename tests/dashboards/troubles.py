"""
Pages of metrics that no daemon can be made to show within a minute: one on which every alert has its trouble, and one
that says what a test has it say.
"""

import time
from collections.abc import Iterator, Mapping, Sequence

from tests.fakes.receiver import Received, Receiver, Reply

_DAY = 86_400.0
_FLOW = {"check": "booking-to-chat", "kind": "booking_to_chat"}
_OTHER = {"check": "site", "kind": "http_endpoint"}

# The target whose monitor has a pager of its own.
PAGES_ITSELF = "pages-itself"

# Metric, labels beside the target's, value.
Sample = tuple[str, dict[str, str], float]


class Page(Receiver):
    """
    Serves ``/metrics`` of several daemons at once.
    """

    def samples(self) -> Mapping[str, Sequence[Sample]]:
        """
        Return what the page says now, by target.
        """
        raise NotImplementedError

    def process(self, received: Received) -> Reply:
        """
        Return the page.
        """
        lines = [
            _line(name, {"target": target, "location": "fra", **labels}, value)
            for target, samples in self.samples().items()
            for name, labels, value in samples
        ]
        return Reply(
            body="".join(f"{line}\n" for line in sorted(lines)).encode(),
            headers={"Content-Type": "text/plain; version=0.0.4"},
        )


class Story(Page):
    """
    Says of every target what is in *said*; of a target without samples, that its daemon is gone.
    """

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, Sequence[Sample]] = {}

    def say(self, target: str, *samples: Sample) -> None:
        """
        Let the daemon of *target* run, and tell of *samples*.
        """
        self.said[target] = samples

    def samples(self) -> Mapping[str, Sequence[Sample]]:
        return {target: [*_alive(time.time()), *samples] for target, samples in self.said.items()}


class Troubles(Page):
    """
    Serves nothing until it is *switched_on*, then every trouble. Each alert has a target of its own, called as the
    alert is, so that none holds another back.
    """

    def __init__(self) -> None:
        super().__init__()
        self._since: float | None = None

    def switch_on(self) -> None:
        """
        Let there be monitors, and everything be wrong with them.
        """
        self._since = time.monotonic()

    def samples(self) -> Mapping[str, Sequence[Sample]]:
        return {} if self._since is None else _samples(int(time.monotonic() - self._since), time.time())


def _line(name: str, labels: dict[str, str], value: float) -> str:
    shown = ",".join(f'{key}="{text}"' for key, text in labels.items())
    return f"{name}{{{shown}}} {value}"


def _samples(seconds: int, now: float) -> dict[str, list[Sample]]:
    """
    Return the samples by target, *seconds* after everything went wrong.
    """
    alive = _alive(now)
    found = {name: [*alive, *samples] for name, samples in _troubles(seconds, now).items()}
    # Those whose trouble is what they lack.
    found["MonitorNotReady"] = alive[:1]
    found["MonitorAbsent"] = alive if seconds < 3 else []
    found["MonitorStuck"] = [
        *alive[:3],
        *(("synthetic_check_last_run_timestamp_seconds", check, now - 3600) for check in (_FLOW, _OTHER)),
    ]
    found["ReloadRefused"] = [("synthetic_config_reload_success", {}, 0.0), *alive[1:]]
    return found


def _alive(now: float) -> list[Sample]:
    return [
        ("synthetic_config_reload_success", {}, 1.0),
        ("synthetic_check_interval_seconds", _FLOW, 60.0),
        ("synthetic_check_interval_seconds", _OTHER, 60.0),
        ("synthetic_check_last_run_timestamp_seconds", _OTHER, now),
        # As a daemon does: every cause it knows of, at zero.
        ("synthetic_incident_open", {"severity": "ticket", "cause": "monitor_network"}, 0.0),
    ]


def _troubles(seconds: int, now: float) -> dict[str, list[Sample]]:
    return {
        "IncidentPages": [incident("page", "realtime_silent")],
        "IncidentAtOneLocation": [
            incident("page", "tcp"),
            ("synthetic_config_reload_success", {"location": "sin"}, 1.0),
            ("synthetic_check_interval_seconds", {**_FLOW, "location": "sin"}, 60.0),
            ("synthetic_check_last_run_timestamp_seconds", {**_FLOW, "location": "sin"}, now),
        ],
        "IncidentWaits": [incident("ticket", "key_invalid")],
        "PrivateDataExposed": [
            ("synthetic_permission_cells", {**_OTHER, "state": "excess"}, 2.0),
        ],
        "BookingFlowDown": [flow(up=False)],
        # All runs; one of a hundred; one of 250.
        "BookingFlowBurnsFast": _runs(_FLOW, passed=0, failed=seconds),
        "BookingFlowBurnsSlow": _runs(_FLOW, passed=990 * seconds, failed=10 * seconds),
        "BudgetBurns": _runs(_OTHER, passed=996 * seconds, failed=4 * seconds),
        "BudgetSpent": _runs(_OTHER, passed=996 * seconds, failed=4 * seconds),
        "CheckSlow": _runs(_OTHER, passed=seconds, failed=0, degraded=seconds),
        "CertificateExpires": [("synthetic_certificate_expiry_timestamp_seconds", _OTHER, now + 5 * _DAY)],
        "CertificateExpiresNow": [certificate(now)],
        "SchemaDrifts": [("synthetic_schema_differences", {**_OTHER, "severity": "breaking"}, 1.0)],
        "LeftoversStay": [
            ("synthetic_leftover_oldest_timestamp_seconds", {"collection": "bookings"}, now - 4000.0),
        ],
        "CheckNotRun": [("synthetic_check_last_run_timestamp_seconds", _FLOW, now - 3600.0)],
        "PagerSinkStuck": [takes_pages("pagerduty"), _waits("pagerduty", now - 400.0)],
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
        "PagesNotTaken": [_lost("pagerduty", seconds)],
        "TicketsNotTaken": [_lost("webhook", seconds)],
        # Which it pages itself.
        PAGES_ITSELF: [takes_pages("pagerduty"), incident("page", "dns")],
    }


def incident(severity: str, cause: str, *, is_open: bool = True) -> Sample:
    """
    What is said of incidents of one cause.
    """
    return ("synthetic_incident_open", {"severity": severity, "cause": cause}, float(is_open))


def flow(*, up: bool) -> Sample:
    """
    The last verdict of a check of the flow.
    """
    return ("synthetic_check_up", _FLOW, float(up))


def certificate(now: float) -> Sample:
    """
    A certificate that ends tomorrow.
    """
    return ("synthetic_certificate_expiry_timestamp_seconds", _OTHER, now + _DAY)


def takes_pages(sink: str) -> Sample:
    """
    A sink of the daemon's own that is told of what pages.
    """
    return ("synthetic_sink_takes_pages", {"sink": sink}, 1.0)


def _lost(integration: str, seconds: int) -> Sample:
    return ("alertmanager_notifications_failed_total", {"integration": integration}, float(seconds))


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
    Iterate over the monitor's metrics of the page.
    """
    for samples in _samples(0, 0.0).values():
        yield from (name for name, _, _ in samples if name.startswith("synthetic_"))
