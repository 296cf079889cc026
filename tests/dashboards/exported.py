"""
What the daemon exports, by family.
"""

from collections.abc import Mapping

from monitor.core.check import Check, Watch
from monitor.core.outcome import Reason
from monitor.sinks.prometheus import Metrics
from tests.test_readme import Nothing

_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "counter": ("_total",),
    "info": ("_info",),
    "histogram": ("_bucket", "_sum", "_count"),
    "gauge": ("",),
}


def families() -> dict[str, set[str]]:
    """
    Return the names of the series of every family that a daemon exports.
    """
    metrics = Metrics(target="t", location="l")
    for check in (Check.model_validate({"name": "a"}), Watch.model_validate({"name": "b"})):
        metrics.expect(check, reasons=list(Reason), steps=["step"])
    metrics.count_leftovers(lambda: {"bookings": (1, 1.0)})
    metrics.count_incidents(Nothing())
    return {each.name: {f"{each.name}{suffix}" for suffix in _SUFFIXES[each.type]} for each in metrics.collect()}


def exported() -> set[str]:
    """
    Return the names of all series that a daemon exports.
    """
    return {name for names in families().values() for name in names}
