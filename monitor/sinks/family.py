"""
A family of metrics of checks: its name, its labels, and how its samples are written.

They are written as text without the library's samples: 1,000 checks are 50,000 of them, and took 850 ms of CPU a
scrape. A test holds the text to what the library would write, byte for byte.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.utils import floatToGoString

from monitor.sinks.series import CheckSeries
from monitor.sinks.series import Histogram as Counts

# Values by those of the label, which are a closed set of one kind or another, or by an empty text where there is none.
ByLabel = Mapping[Any, float]

_CHECK = ("check", "kind", "target", "location")


def _shown(number: float) -> str:
    return str(floatToGoString(number))  # type: ignore[no-untyped-call]


# Most are counts, and small.
_number = lru_cache(maxsize=4096)(_shown)


class Family(ABC):
    """
    One family: its *name*, what it is (*text*), and the *label* that its series have beside those of every check.
    """

    type = ""

    def __init__(self, name: str, text: str, label: str = "") -> None:
        # Labels are written in alphabetical order, and what is before and behind is ready.
        if label and not "location" < label < "target":
            raise ValueError(f"label {label!r} has another place among those of a check")
        self.name = name
        self.text = text
        self.label = label

    @property
    def labels(self) -> tuple[str, ...]:
        """
        The names of all labels.
        """
        return (*_CHECK, self.label) if self.label else _CHECK

    def head(self, *, openmetrics: bool) -> str:
        """
        Return the lines that come first.
        """
        name = self.name if openmetrics or self.type != "counter" else f"{self.name}_total"
        return f"# HELP {name} {self.text}\n# TYPE {name} {self.type}\n"

    @abstractmethod
    def metric(self, series: Iterable[CheckSeries]) -> Metric:
        """
        Return the family with the samples of *series*, as the library has them.
        """

    @abstractmethod
    def lines(self, one: CheckSeries, *, openmetrics: bool) -> Iterator[str]:
        """
        Yield the samples of *one* check as text.
        """


class Numbers(Family):
    """
    A family of one value a series: *values_of* gives those of a check by the value of the label.
    """

    def __init__(self, name: str, text: str, label: str, values_of: Callable[[CheckSeries], ByLabel]) -> None:
        super().__init__(name, text, label)
        self._values_of = values_of

    def metric(self, series: Iterable[CheckSeries]) -> Metric:
        """
        Return the family with the samples of *series*, as the library has them.
        """
        make = CounterMetricFamily if self.type == "counter" else GaugeMetricFamily
        family = make(self.name, self.text, labels=self.labels)
        for one in series:
            for value, number in tuple(self._values_of(one).items()):
                family.add_metric((*one.labels, value) if self.label else one.labels, float(number))
        return family

    def lines(self, one: CheckSeries, *, openmetrics: bool) -> Iterator[str]:  # noqa: ARG002 - the same in both
        """
        Yield the samples of *one* check as text.
        """
        check, location, target = one.words
        name = f"{self.name}_total" if self.type == "counter" else self.name
        before = f"{name}{check}{location}"
        for value, number in tuple(self._values_of(one).items()):
            label = f'{self.label}="{value}",' if self.label else ""
            yield f"{before}{label}{target}{_number(number)}\n"


class Gauges(Numbers):
    """
    Numbers that go up and down.
    """

    type = "gauge"


class Counters(Numbers):
    """
    Numbers that only go up.
    """

    type = "counter"


class Histograms(Family):
    """
    A family of histograms: *histograms_of* gives those of a check by the value of the label.
    """

    type = "histogram"

    def __init__(
        self, name: str, text: str, label: str, histograms_of: Callable[[CheckSeries], Mapping[str, Counts]]
    ) -> None:
        super().__init__(name, text, label)
        self._histograms_of = histograms_of

    def metric(self, series: Iterable[CheckSeries]) -> Metric:
        """
        Return the family with the samples of *series*, as the library has them.
        """
        family = HistogramMetricFamily(self.name, self.text, labels=self.labels)
        for one in series:
            for value, histogram in tuple(self._histograms_of(one).items()):
                labels = (*one.labels, value) if self.label else one.labels
                family.add_metric(labels, histogram.buckets(), histogram.total_seconds)
        return family

    def lines(self, one: CheckSeries, *, openmetrics: bool) -> Iterator[str]:
        """
        Yield the samples of *one* check as text, with exemplars in *openmetrics*.
        """
        check, location, target = one.words
        for value, histogram in tuple(self._histograms_of(one).items()):
            behind = location + (f'{self.label}="{value}",' if self.label else "") + target
            before, count = f'{self.name}_bucket{check}le="', "0.0"
            for bound, number, *exemplars in histogram.buckets():
                count = _number(number)
                sample = f'{before}{bound}",{behind}{count}'
                if openmetrics and exemplars:
                    [exemplar] = exemplars
                    run_id, seconds = exemplar.labels["run_id"], _shown(exemplar.value)
                    yield f'{sample} # {{run_id="{run_id}"}} {seconds} {exemplar.timestamp}\n'
                else:
                    yield f"{sample}\n"
            yield f"{self.name}_count{check}{behind}{count}\n"
            yield f"{self.name}_sum{check}{behind}{_shown(histogram.total_seconds)}\n"
