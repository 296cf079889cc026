"""
An hour that is known to the last run, of two monitors: to the first, ``fra1``, everything happens, each trouble in a
number of its own, so that a panel which shows one in place of another shows a wrong figure. To the other, ``sin``,
nothing does.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.dashboards.history import keep
from tests.dashboards.scraper import Prometheus, prometheus

# The moment at which the hour ends, on the full minute.
AT = 1_788_000_000
# How far back the dashboards look.
RANGE_SECONDS = 1_800
STEP_SECONDS = 15
# Longer than Prometheus takes a sample for the present one.
GONE_SECONDS = 310
CHECKS = ("booking", "chat", "drift", "held", "matrix", "refused", "schema", "short", "site")
_SECONDS, _HOUR, _DAY = 3_600, 3_600, 86_400

# Name and labels.
_Series = tuple[str, Mapping[str, str]]
# Value as of the seconds since the hour began.
_Course = Callable[[int], float]

_KINDS = {
    "booking": "booking_to_chat",
    "chat": "realtime_delivery",
    "drift": "collection_schema",
    "held": "realtime_watch",
    "matrix": "permission_matrix",
    "refused": "permission_matrix",
    "schema": "collection_schema",
    # A journey of somebody's own, that tells little beside what each of them does.
    "short": "own_story",
    "site": "http_endpoint",
}
_STEPS = {
    "booking": {
        "find_therapist": 0.5,
        "create_booking": 2.0,
        "open_chat": 3.0,
        "read_message": 1.0,
        "read_reply": 0.25,
    },
    # It never comes to reading a message.
    "short": {"find_therapist": 0.125, "open_chat": 4.0},
}
# Per minute.
_RUNS = {
    "booking": {"passed": 2.0, "degraded": 1.0, "failed": 3.0, "errored": 0.5, "missed": 0.25},
    "chat": {"passed": 10.0, "degraded": 0.0, "failed": 0.0, "errored": 0.0, "missed": 0.0},
    "held": {"passed": 0.0, "degraded": 0.0, "failed": 0.0, "errored": 4.0, "missed": 0.0},
    "matrix": {"passed": 0.0, "degraded": 0.0, "failed": 0.2, "errored": 0.0, "missed": 0.0},
    "short": {"passed": 0.0, "degraded": 6.0, "failed": 0.0, "errored": 0.0, "missed": 0.0},
}
_EVENTS = {"delivered": 200.0, "lost": 0.4, "late": 0.8, "duplicate": 1.2, "reordered": 1.6, "leaked": 0.2}


async def keep_known(folder: Path) -> None:
    """
    Have *folder* be the data of a Prometheus that saw it.
    """
    lines = [
        f"{name}{_written(labels)} {course(second):.10g} {AT - _SECONDS + second}"
        for (name, labels), course in _world()
        for second in range(0, _SECONDS + 1, STEP_SECONDS)
    ]
    keep(iter([*lines, "# EOF"]), folder)


def known(folder: Path) -> AbstractAsyncContextManager[Prometheus]:
    """
    Run the server on what is kept in *folder*. It records nothing: what would be recorded is part of what is known.
    """
    nothing = folder / "no-rules.json"
    nothing.write_text(json.dumps({"groups": []}))
    return prometheus(folder, rules=nothing)


def _world() -> Iterator[tuple[_Series, _Course]]:
    for location in ("fra1", "sin"):
        for check in CHECKS:
            yield from _check(check, location=location)
    yield from _runs()
    yield from _realtime()
    yield from _judgements()
    for location in ("fra1", "sin"):
        yield from _monitor(location)
    yield from _telling()
    yield from _service_levels()


def _check(name: str, *, location: str) -> Iterator[tuple[_Series, _Course]]:
    labels = _labels(name, location)
    is_first = location == "fra1"
    fails = is_first and name in {"booking", "matrix", "site"}
    yield ("synthetic_check_up", labels), _constant(not fails)
    yield ("synthetic_check_interval_seconds", labels), _constant(60)
    # The socket that is held has not reported for a quarter of an hour.
    yield (
        ("synthetic_check_last_run_timestamp_seconds", labels),
        _constant(AT - (900 if is_first and name == "held" else 30)),
    )
    if name == "site":
        ends_in = {"fra1": 5, "sin": 60}[location] * _DAY
        yield ("synthetic_certificate_expiry_timestamp_seconds", labels), _constant(AT + ends_in)
    if name == "site" and fails:
        # It has never been right.
        return
    age = {"booking": 2 * _HOUR, "matrix": _HOUR}[name] if fails else 45
    yield ("synthetic_check_last_success_timestamp_seconds", labels), _constant(AT - age)


def _runs() -> Iterator[tuple[_Series, _Course]]:
    for check, runs in _RUNS.items():
        for status, count in runs.items():
            yield ("synthetic_check_runs_total", {**_labels(check), "status": status}), _growing(count)
    for check, reason, count in (
        ("booking", "no_event", 2.0),
        ("booking", "timeout", 1.0),
        ("matrix", "permission_excess", 0.2),
        ("refused", "permission_missing", 0.3),
        ("schema", "schema", 0.1),
        ("drift", "disabled", 0.4),
    ):
        yield ("synthetic_check_failures_total", {**_labels(check), "reason": reason}), _growing(count)
    # Of a hundred: forty within one second, eighty within two, ninety-six within four.
    yield from _histogram("synthetic_check_duration_seconds", _labels("booking"), {"1": 40, "2": 80, "4": 96, "8": 100})
    for check, steps in _STEPS.items():
        for step, seconds in steps.items():
            labels = {**_labels(check), "step": step}
            less, more = f"{seconds / 2:g}", f"{seconds * 2:g}"
            yield from _histogram(
                "synthetic_check_step_duration_seconds",
                labels,
                {less: 1.0, more: 6.0},
                before={less: 3.0, more: 6.0},
                mean=seconds,
            )
            failures = 3.0 if (check, step) == ("booking", "open_chat") else 0.0
            yield ("synthetic_check_step_failures_total", labels), _growing(failures)
        # Configured, and not run in this hour.
        labels = {**_labels(check, "sin"), "step": "find_therapist"}
        yield from _histogram("synthetic_check_step_duration_seconds", labels, {"1": 0.0})


def _realtime() -> Iterator[tuple[_Series, _Course]]:
    for result, count in _EVENTS.items():
        yield ("synthetic_realtime_events_total", {**_labels("chat"), "result": result}), _growing(count)
        yield (
            ("synthetic_realtime_events_total", {**_labels("chat", "sin"), "result": result}),
            _growing(count if result == "delivered" else 0.0),
        )
    yield from _histogram(
        "synthetic_realtime_delivery_seconds",
        _labels("chat"),
        {"0.1": 40, "0.25": 80, "0.5": 96, "1": 100},
        before={"0.1": 0, "0.25": 20, "0.5": 90, "1": 100},
    )
    for location, is_connected, reconnects in (("fra1", 0, 0.6), ("sin", 1, 0.0)):
        labels = _labels("held", location)
        yield ("synthetic_realtime_connected", labels), _constant(is_connected)
        yield ("synthetic_realtime_reconnects_total", labels), _growing(reconnects)
    for phase, seconds in {"dns": 0.01, "connect": 0.02, "tls": 0.04, "upgrade": 0.08, "connected_frame": 0.16}.items():
        yield ("synthetic_check_phase_duration_seconds", {**_labels("held"), "phase": phase}), _constant(seconds)
    # No socket: it was not upgraded.
    yield ("synthetic_check_phase_duration_seconds", {**_labels("site"), "phase": "dns"}), _constant(7)


def _judgements() -> Iterator[tuple[_Series, _Course]]:
    for check, location, right, missing, excess in (
        ("matrix", "fra1", 95, 3, 2),
        ("matrix", "sin", 100, 0, 0),
        ("refused", "fra1", 40, 7, 0),
    ):
        for state, cells in {"right": right, "missing": missing, "excess": excess}.items():
            yield ("synthetic_permission_cells", {**_labels(check, location), "state": state}), _constant(cells)
    for check, location, breaking, additive in (
        ("schema", "fra1", 4, 5),
        ("schema", "sin", 0, 0),
        ("drift", "fra1", 0, 8),
    ):
        for severity, differences in {"breaking": breaking, "additive": additive}.items():
            labels = {**_labels(check, location), "severity": severity}
            yield ("synthetic_schema_differences", labels), _constant(differences)


def _monitor(location: str) -> Iterator[tuple[_Series, _Course]]:
    here = _place(location)
    is_first = location == "fra1"
    # Read again, the configuration of the first was refused.
    yield ("synthetic_config_reload_success", here), _constant(not is_first)
    yield ("synthetic_config_info", {**here, "hash": f"hash-{location}"}), _constant(1)
    yield ("synthetic_build_info", {**_scraped(location), "version": "1.2.3"}), _constant(1)
    yield ("process_start_time_seconds", _scraped(location)), _constant(AT - (3 if is_first else 5) * _DAY)
    yield ("process_resident_memory_bytes", _scraped(location)), _constant((64 if is_first else 32) * 1024 * 1024)
    yield ("process_cpu_seconds_total", _scraped(location)), _growing(3.0 if is_first else 6.0)
    yield ("process_open_fds", _scraped(location)), _constant(50 if is_first else 25)
    yield ("process_max_fds", _scraped(location)), _constant(1000)
    yield ("synthetic_runs_missed_total", here), _growing(0.25 if is_first else 0.05)
    yield ("synthetic_clock_jumps_total", here), _growing(0.1 if is_first else 0.04)
    yield ("synthetic_check_runs_total", {**_labels("site", location), "status": "errored"}), _growing(0.0)
    if is_first:
        yield from _histogram("synthetic_schedule_lag_seconds", here, {"0.1": 90, "0.2": 98, "0.4": 100})
        yield from _histogram("synthetic_loop_lag_seconds", here, {"0.01": 90, "0.02": 98, "0.04": 100})
        for collection, count in {"bookings": 11, "chat_messages": 13}.items():
            labels = {**here, "collection": collection}
            yield ("synthetic_leftovers", labels), _constant(count)
            yield ("synthetic_leftover_oldest_timestamp_seconds", labels), _constant(AT - 100 * count)


def _telling() -> Iterator[tuple[_Series, _Course]]:
    here = _place("fra1")
    for sink, waiting, age in (("pagerduty", 7, 120), ("sentry", 9, 240)):
        labels = {**here, "sink": sink}
        yield ("synthetic_outbox_events", labels), _constant(waiting)
        yield ("synthetic_outbox_oldest_timestamp_seconds", labels), _constant(AT - age)
        for result, share in {"delivered": 0.5, "retry": 0.3, "refused": 0.2}.items():
            yield ("synthetic_sink_deliveries_total", {**labels, "result": result}), _growing(waiting * share)
    seen = ("synthetic_canary_page_last_seen_timestamp_seconds", {**here, "sink": "pagerduty"})
    yield seen, _constant(AT - 10 * _DAY)
    yield ("synthetic_outbox_events", {**_place("sin"), "sink": "pagerduty"}), _constant(0)
    yield (
        ("synthetic_canary_page_last_seen_timestamp_seconds", {**_place("sin"), "sink": "pagerduty"}),
        _constant(AT - _DAY),
    )
    for severity in ("page", "ticket"):
        nothing = {**_place("sin"), "severity": severity, "cause": "realtime_silent"}
        yield ("synthetic_incident_open", nothing), _constant(0)
    yield ("synthetic_finding_open", _labels("booking")), _constant(1)
    yield ("synthetic_finding_open", _labels("chat")), _constant(0)
    for severity, cause, opened, count in (
        ("page", "realtime_silent", 1_200, 1),
        ("page", "permission_excess", 600, 1),
        ("ticket", "tls", 1_800, 1),
        ("ticket", "service_degraded", 900, 1),
        # Longer than anybody looks back.
        ("ticket", "quota", 2 * _SECONDS, 1),
        ("info", "unknown", None, 0),
    ):
        labels = {**here, "severity": severity, "cause": cause}
        yield ("synthetic_incident_open", labels), _since(opened, count)
        yield ("synthetic_incidents_total", labels), _growing(0.1 * len(cause))
    yield from _histogram(
        "synthetic_detection_seconds", here, {"30": 4, "60": 8, "120": 10}, before={"30": 8, "60": 10}, mean=45
    )


def _service_levels() -> Iterator[tuple[_Series, _Course]]:
    for check, target, month, hour, judged in (
        ("booking", 0.999, 0.0005, 0.016, 10_000),
        ("chat", 0.99, 0.02, 0.005, 20_000),
    ):
        yield ("synthetic:check_slo:target", _labels(check)), _constant(target)
        yield ("synthetic:check_errors:ratio_rate30d", _labels(check)), _constant(month)
        yield ("synthetic:check_errors:ratio_rate1h", _labels(check)), _constant(hour)
        yield ("synthetic:check_judged:increase30d", _labels(check)), _constant(judged)


def _histogram(
    name: str,
    labels: Mapping[str, str],
    buckets: Mapping[str, float],
    *,
    before: Mapping[str, float] | None = None,
    mean: float = 1.0,
) -> Iterator[tuple[_Series, _Course]]:
    """
    Return the series of a histogram of whose *buckets* each grows by so much per minute; the last holds all.

    *before* is what they grew by until a quarter of an hour ago, which is half of what is looked at.
    """
    count = max(buckets.values())
    for le, below in {**buckets, "+Inf": count}.items():
        yield (f"{name}_bucket", {**labels, "le": le}), _growing(below, before=(before or buckets).get(le, count))
    yield (f"{name}_sum", labels), _growing(count * mean)
    yield (f"{name}_count", labels), _growing(count)


def _constant(value: float) -> _Course:
    return lambda _: float(value)


def _growing(per_minute: float, *, before: float | None = None) -> _Course:
    turn = _SECONDS - RANGE_SECONDS // 2
    first = per_minute if before is None else before
    return lambda second: 1_000 + (first * min(second, turn) + per_minute * max(second - turn, 0)) / 60


def _since(seconds: int | None, count: int) -> _Course:
    """
    Return a course that is nothing until so many *seconds* before the end; None is never.
    """
    return lambda second: float(count if seconds is not None and second > _SECONDS - seconds else 0)


def _labels(check: str, location: str = "fra1") -> dict[str, str]:
    return {**_place(location), "check": check, "kind": _KINDS[check]}


def _place(location: str) -> dict[str, str]:
    return {**_scraped(location), "target": "production", "location": location}


def _scraped(location: str) -> dict[str, str]:
    return {"job": "monitor", "instance": f"monitor-{location}:9464"}


def _written(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}"
