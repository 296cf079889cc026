from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from gzip import decompress
from typing import Any

import pytest
from prometheus_client.exposition import choose_encoder
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from monitor.core.cause import Cause
from monitor.core.check import Check, Watch
from monitor.core.outcome import CellState, EventResult, Impact, Observations, Outcome, Phase, Reason, Status, Step
from monitor.core.severity import Severity
from monitor.incidents.incident import Fault
from monitor.sinks.base import Result
from monitor.sinks.incident_families import Queue
from monitor.sinks.prometheus import Metrics
from tests.outcomes import outcome_of
from tests.sinks.events import finding, incident

pytestmark = pytest.mark.asyncio

CHECK = Check.model_validate({"name": "chat-delivery", "every": "30s"})


async def samples(metrics: Metrics) -> dict[str, dict[str, float]]:
    """
    Return value by metric name and by its one telling label, as a public parser reads the page.
    """
    page, _ = await metrics.page("application/openmetrics-text; version=1.0.0")
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(page.decode()):  # type: ignore[no-untyped-call]
        for sample in family.samples:
            telling = [
                value
                for label, value in sample.labels.items()
                if label in {"status", "reason", "result", "step", "phase"}
            ]
            found.setdefault(sample.name, {})["".join(telling)] = sample.value
    return found


def steady(page: bytes) -> list[bytes]:
    """
    Return the lines of *page* that are the same when nothing was counted: not those of the process itself.
    """
    return [line for line in page.splitlines() if b"process_" not in line.replace(b"__", b"_")]


def metrics_after(*outcomes: Outcome) -> Metrics:
    metrics = Metrics(target="production", location="fra1")
    metrics.expect(CHECK, reasons=[Reason.TIMEOUT, Reason.NO_EVENT], steps=["write"])
    for outcome in outcomes:
        metrics.observe(outcome)
    return metrics


async def test_counters_are_there_at_zero_before_the_first_run_and_the_verdict_is_not() -> None:
    page = await samples(metrics_after())

    assert page["synthetic_check_runs_total"] == dict.fromkeys(Status, 0.0)
    assert page["synthetic_check_failures_total"] == {"timeout": 0.0, "no_event": 0.0}
    assert page["synthetic_realtime_events_total"] == dict.fromkeys(EventResult, 0.0)
    assert page["synthetic_check_step_duration_seconds_count"] == {"write": 0.0}
    assert page["synthetic_check_interval_seconds"] == {"": 30.0}
    assert "synthetic_check_up" not in page
    assert "synthetic_check_last_success_timestamp_seconds" not in page


@pytest.mark.parametrize(
    ("status", "reason", "up"),
    [
        pytest.param(Status.PASSED, None, 1.0, id="passed"),
        pytest.param(Status.DEGRADED, Reason.SLOW, 1.0, id="degraded"),
        pytest.param(Status.FAILED, Reason.NO_EVENT, 0.0, id="failed"),
    ],
)
async def test_a_verdict_sets_up(status: Status, reason: Reason | None, up: float) -> None:
    page = await samples(metrics_after(outcome_of(status, reason)))

    assert page["synthetic_check_up"] == {"": up}
    assert page["synthetic_check_runs_total"][status] == 1.0


@pytest.mark.parametrize("status", [Status.ERRORED, Status.MISSED])
@pytest.mark.parametrize(
    ("verdict", "up"), [(outcome_of(), 1.0), (outcome_of(Status.FAILED, Reason.TIMEOUT), 0.0)], ids=["passed", "failed"]
)
async def test_what_is_no_verdict_leaves_up_as_it_was(status: Status, verdict: Outcome, up: float) -> None:
    page = await samples(metrics_after(verdict, outcome_of(status, Reason.INTERNAL)))

    assert page["synthetic_check_up"] == {"": up}
    assert page["synthetic_check_runs_total"][status] == 1.0
    assert page["synthetic_check_duration_seconds_count"] == {"": 1.0}


async def test_a_failure_is_counted_by_its_reason_and_is_no_success() -> None:
    page = await samples(metrics_after(outcome_of(Status.FAILED, Reason.NO_EVENT)))

    assert page["synthetic_check_failures_total"] == {"timeout": 0.0, "no_event": 1.0}
    assert "synthetic_check_last_success_timestamp_seconds" not in page
    assert page["synthetic_check_last_run_timestamp_seconds"][""] == pytest.approx(1769160780.25)


async def test_the_step_in_which_a_run_broke_is_counted_and_no_other() -> None:
    steps = tuple(
        Step(name=name, started_seconds=0.0, duration_seconds=0.1, passed=name != "event")
        for name in ("write", "event")
    )
    metrics = Metrics(target="production", location="fra1")
    metrics.expect(CHECK, reasons=[Reason.NO_EVENT], steps=["write", "event", "read_back"])
    metrics.observe(outcome_of(Status.FAILED, Reason.NO_EVENT, steps=steps))

    page = await samples(metrics)

    assert page["synthetic_check_step_failures_total"] == {"write": 0.0, "event": 1.0, "read_back": 0.0}


async def test_the_process_itself_is_measured() -> None:
    page = await samples(metrics_after())

    assert page["process_resident_memory_bytes"][""] > 2**20
    assert page["process_cpu_seconds_total"][""] > 0


async def test_missed_runs_are_counted_for_the_monitor_too() -> None:
    page = await samples(metrics_after(outcome_of(Status.MISSED, Reason.NOT_STARTED)))

    assert page["synthetic_runs_missed_total"] == {"": 1.0}


async def test_what_a_check_observed_becomes_metrics() -> None:
    seen: dict[str, Any] = {
        "phases": {Phase.CONNECT: 0.01},
        "observations": Observations(
            delivery_seconds=(0.12,),
            events={EventResult.DELIVERED: 1},
            certificate_expires_at=datetime(2026, 3, 1, tzinfo=UTC),
        ),
    }

    page = await samples(metrics_after(outcome_of(**seen)))

    assert page["synthetic_check_phase_duration_seconds"] == {"connect": 0.01}
    assert page["synthetic_check_step_duration_seconds_count"] == {"write": 1.0}
    assert page["synthetic_realtime_delivery_seconds_sum"] == {"": pytest.approx(0.12)}
    assert page["synthetic_realtime_events_total"][EventResult.DELIVERED] == 1.0
    assert page["synthetic_certificate_expiry_timestamp_seconds"] == {"": 1772323200.0}


async def test_a_held_socket_is_open_or_not_whatever_the_verdict_and_its_reconnects_add_up() -> None:
    metrics = Metrics(target="production", location="fra1")
    metrics.expect(Watch.model_validate({"name": "chat-delivery"}), reasons=[], steps=[])
    pages = [await samples(metrics)]
    for status, reason, is_connected, reconnects in (
        (Status.PASSED, None, True, 1),
        (Status.ERRORED, Reason.INTERNAL, False, 0),
        (Status.PASSED, None, True, 1),
        (Status.MISSED, Reason.NOT_STARTED, None, 0),
    ):
        seen = Observations(is_connected=is_connected, reconnects=reconnects)
        metrics.observe(outcome_of(status, reason, observations=seen))
        pages.append(await samples(metrics))

    assert [page["synthetic_realtime_connected"][""] for page in pages] == [0.0, 1.0, 0.0, 1.0, 1.0]
    assert [page["synthetic_realtime_reconnects_total"][""] for page in pages] == [0.0, 1.0, 1.0, 2.0, 2.0]
    assert "synthetic_realtime_connected" not in await samples(metrics_after())


async def test_phases_are_those_of_the_last_run_only() -> None:
    page = await samples(metrics_after(outcome_of(phases={Phase.DNS: 0.01}), outcome_of(phases={Phase.CONNECT: 0.02})))

    assert page["synthetic_check_phase_duration_seconds"] == {"connect": 0.02}


async def test_a_run_can_be_found_from_its_bucket() -> None:
    page, content_type = await metrics_after(outcome_of()).page("application/openmetrics-text; version=1.0.0")

    assert content_type.startswith("application/openmetrics-text")
    assert b'# {run_id="0123456789abcdef"} 0.25' in page


async def test_a_page_of_many_checks_is_whole_and_says_each_family_once() -> None:
    metrics = Metrics(target="production", location="fra1")
    for number in range(250):
        check = Check.model_validate({"name": f"check-{number}"})
        metrics.expect(check, reasons=[Reason.TIMEOUT], steps=[])
        metrics.observe(outcome_of(check=check.name))

    plain, _ = await metrics.page("text/plain")
    packed, _ = await metrics.page("text/plain", gzip=True)
    openmetrics, _ = await metrics.page("application/openmetrics-text; version=1.0.0")

    lines = plain.decode().splitlines()
    types = [line for line in lines if line.startswith("# TYPE")]
    assert len(types) == len(set(types))
    assert sum(line.startswith("synthetic_check_up{") for line in lines) == 250
    assert steady(decompress(packed)) == steady(plain)
    assert openmetrics.count(b"# EOF") == 1
    assert len(list(text_string_to_metric_families(openmetrics.decode()))) == len(types)  # type: ignore[no-untyped-call]


async def test_a_check_that_is_forgotten_leaves_no_series() -> None:
    metrics = metrics_after(outcome_of())

    metrics.forget("chat-delivery")
    metrics.observe(outcome_of())

    page, _ = await metrics.page("text/plain")
    assert b"chat-delivery" not in page


async def test_what_is_left_in_the_target_is_shown_as_it_is_when_somebody_reads() -> None:
    metrics, counts = metrics_after(), dict[str, tuple[int, float | None]]()
    metrics.count_leftovers(lambda: counts)
    pages = []

    for now in ({}, {"bookings": (0, None)}, {"bookings": (2, 1_800_000_000.5), "(accounts)": (1, 1.8e9)}):
        counts |= now
        page, _ = await metrics.page("text/plain")
        pages.append([line for line in page.decode().splitlines() if line.startswith("synthetic_leftover")])

    place = 'location="fra1",target="production"'
    assert pages[0] == []
    assert pages[1] == [f'synthetic_leftovers{{collection="bookings",{place}}} 0.0']
    assert sorted(pages[2]) == [
        f'synthetic_leftover_oldest_timestamp_seconds{{collection="(accounts)",{place}}} 1.8e+09',
        f'synthetic_leftover_oldest_timestamp_seconds{{collection="bookings",{place}}} 1.8000000005e+09',
        f'synthetic_leftovers{{collection="(accounts)",{place}}} 1.0',
        f'synthetic_leftovers{{collection="bookings",{place}}} 2.0',
    ]


class Counts:
    """
    What is wrong, and what waits, as a test says.
    """

    def open_findings(self) -> Mapping[tuple[str, str], bool]:
        return {("chat-delivery", "realtime_delivery"): True, ("login", "login"): False}

    def open_incidents(self) -> Sequence[tuple[Severity, Cause]]:
        return [(Severity.PAGE, Cause.DNS), (Severity.PAGE, Cause.DNS), (Severity.TICKET, Cause.UNKNOWN)]

    def queues(self) -> Mapping[str, Queue]:
        return {
            "pagerduty": Queue(events=3, oldest_at=datetime(2026, 1, 23, tzinfo=UTC)),
            "slack": Queue(events=0, oldest_at=None),
        }

    def proved_at(self) -> Mapping[str, datetime]:
        return {"pagerduty": datetime(2026, 1, 22, tzinfo=UTC)}


async def test_what_is_wrong_and_what_waits_is_shown_as_it_is_when_somebody_reads() -> None:
    metrics = metrics_after()
    metrics.count_incidents(Counts())

    page, _ = await metrics.page("text/plain")

    lines, place = page.decode().splitlines(), 'location="fra1",target="production"'
    for line in (
        f'synthetic_finding_open{{check="chat-delivery",kind="realtime_delivery",{place}}} 1.0',
        f'synthetic_finding_open{{check="login",kind="login",{place}}} 0.0',
        'synthetic_incident_open{cause="dns",location="fra1",severity="page",target="production"} 2.0',
        'synthetic_incident_open{cause="tls",location="fra1",severity="page",target="production"} 0.0',
        'synthetic_outbox_events{location="fra1",sink="pagerduty",target="production"} 3.0',
        'synthetic_outbox_events{location="fra1",sink="slack",target="production"} 0.0',
    ):
        assert line in lines, line
    assert sum(line.startswith("synthetic_outbox_oldest_timestamp_seconds{") for line in lines) == 1
    assert sum(line.startswith("synthetic_canary_page_last_seen_timestamp_seconds{") for line in lines) == 1


async def test_incidents_and_deliveries_are_counted_from_zero() -> None:
    metrics = metrics_after()
    metrics.deliver_to(["pagerduty", "heartbeat"], pages=["pagerduty"])
    before, _ = await metrics.page("text/plain")

    metrics.opened(incident(cause=Cause.DNS))
    metrics.opened(incident(cause=Cause.UNKNOWN, findings=(finding(fault=Fault.OWN),)))
    metrics.attempted("pagerduty", Result.RETRY)
    after, _ = await metrics.page("text/plain")

    place = 'location="fra1"'
    opened = f'synthetic_incidents_total{{cause="dns",{place},severity="page",target="production"}}'
    tried = f'synthetic_sink_deliveries_total{{{place},result="retry",sink="pagerduty",target="production"}}'
    for series in (opened, tried):
        assert f"{series} 0.0" in before.decode()
        assert f"{series} 1.0" in after.decode()
    takes = f'synthetic_sink_takes_pages{{{place},sink="%s",target="production"}}'
    assert f"{takes % 'pagerduty'} 1.0" in before.decode()
    assert f"{takes % 'heartbeat'} 0.0" in before.decode()
    # Only what the target did was detected.
    assert f'synthetic_detection_seconds_count{{{place},target="production"}} 1.0' in after.decode()


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "text/plain;version=0.0.4",
        "text/plain;version=1.0.0;escaping=allow-utf-8",
        "application/openmetrics-text;version=1.0.0",
        "application/openmetrics-text;version=1.0.0;escaping=values",
        "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    ],
)
async def test_the_page_is_byte_for_byte_that_of_the_library(accept: str) -> None:
    metrics = Metrics(target="production", location='fra"1\\')
    watch = Watch.model_validate({"name": "held", "every": "90m"})
    metrics.expect(CHECK, reasons=[Reason.TIMEOUT, Reason.NO_EVENT], steps=["write", "receive"])
    metrics.expect(watch, reasons=[Reason.TIMEOUT], steps=[])
    seen = Observations(
        delivery_seconds=(0.012, 1e-7, 70.0),
        events={EventResult.DELIVERED: 3, EventResult.LOST: 1},
        certificate_expires_at=datetime(2027, 1, 1, tzinfo=UTC),
        permission_cells={CellState.RIGHT: 12_345_678},
        schema_differences={Impact.BREAKING: 1},
    )
    for outcome in (
        outcome_of(observations=seen, phases={Phase.DNS: 0.25, Phase.TLS: 1e-9}),
        outcome_of(Status.FAILED, Reason.NO_EVENT, duration_seconds=12.5, run_id="fedcba9876543210"),
        outcome_of(Status.MISSED, Reason.NOT_STARTED),
        outcome_of(check="held", observations=Observations(is_connected=True, reconnects=2)),
    ):
        metrics.observe(outcome)

    page, _ = await metrics.page(accept)

    encode, _ = choose_encoder(accept)
    assert steady(page) == steady(encode(metrics))
