"""
How one act of a script went, and whether that is what was expected.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.core.cause import Cause
from monitor.core.severity import Severity
from monitor.incidents.incident import Incident
from monitor.sandbox.incidents.script import Act, AllRight, Diagnosed


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """
    What was said of an incident, so many seconds after the act began.
    """

    after_seconds: float
    incident: Incident


@dataclass(slots=True, kw_only=True)
class Course:
    """
    One act: what was said in it, and whom it woke. All times are on one clock.

    *mended_at_seconds* is when its faults were taken away, for an act that has none when it began. *detected* is the
    first word on what is wrong in it, *diagnosed* the first that named it, in the expected severity if ever. *open* is
    what was open last, *pages* are the incidents that woke somebody, as they were when they did.
    """

    act: Act
    began_at_seconds: float
    mended_at_seconds: float
    over_at_seconds: float | None = None
    detected: Moment | None = None
    diagnosed: Moment | None = None
    open: tuple[Incident, ...] = ()
    pages: list[Incident] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """
        Whether what is expected of the act has come true.
        """
        expected = self.act.expectation
        if isinstance(expected, AllRight):
            return not self.open
        return self.diagnosed is not None and self.diagnosed.incident.severity is expected.severity

    @property
    def is_complete(self) -> bool:
        """
        Whether it holds, and what was wrong before is over, too.
        """
        return self.holds and all(incident.cause in self.own_causes for incident in self.open)

    @property
    def own_causes(self) -> frozenset[Cause]:
        """
        What may be named in it.
        """
        expected = self.act.expectation
        return self.act.allowed | ({expected.cause} if isinstance(expected, Diagnosed) else frozenset())

    @property
    def over_after_seconds(self) -> float | None:
        """
        How long after its faults were taken away nothing of it was open any more; None while something is.
        """
        return None if self.over_at_seconds is None else self.over_at_seconds - self.mended_at_seconds

    def failures(self) -> list[str]:
        """
        Return a sentence for everything that did not go as expected, once the act is over.
        """
        expected = self.act.expectation
        unmet = self._still_open(expected) if isinstance(expected, AllRight) else self._misdiagnosis(expected)
        return [*unmet, *self._pages_too_many(), *self._wrong_pages()]

    def _misdiagnosis(self, expected: Diagnosed) -> list[str]:
        within = f"within {expected.within_seconds:g}s"
        if self.holds and self.diagnosed is not None:
            after_seconds = self.diagnosed.after_seconds
            is_late = after_seconds > expected.within_seconds
            return [f"{expected.cause} was diagnosed after {after_seconds:.1f}s, expected {within}"] if is_late else []
        if self.diagnosed is not None:
            severity = self.diagnosed.incident.severity
            return [f"{expected.cause} was diagnosed as {_one(severity)}, expected {_one(expected.severity)}"]
        seen = f"nothing but {_causes(self.open)}" if self.open else "nothing"
        return [f"{expected.cause} was not diagnosed {within}: {seen} is open"]

    def _still_open(self, expected: AllRight) -> list[str]:
        within = f"within {expected.within_seconds:g}s"
        if self.holds:
            after_seconds = self.over_after_seconds or 0.0
            is_late = after_seconds > expected.within_seconds
            return [f"all right after {after_seconds:.1f}s, expected {within}"] if is_late else []
        checks = ", ".join(dict.fromkeys(check for incident in self.open for check in incident.checks))
        return [f"not all right {within}: {_causes(self.open)} is still open, seen by {checks}"]

    def _pages_too_many(self) -> list[str]:
        expected = self.act.expectation
        most = 0 if isinstance(expected, Diagnosed) and expected.severity is not Severity.PAGE else 1
        if len(self.pages) <= most:
            return []
        return [f"paged {len(self.pages)} times, expected {'once' if most else 'never'}: {_causes(self.pages)}"]

    def _wrong_pages(self) -> list[str]:
        wrong = [incident for incident in self.pages if incident.cause not in self.own_causes]
        return [f"somebody was paged for {_causes(wrong)}, which was not what was wrong"] if wrong else []


def _causes(incidents: Iterable[Incident]) -> str:
    return ", ".join(dict.fromkeys(incident.cause.value for incident in incidents))


def _one(severity: Severity) -> str:
    return f"{'an' if severity is Severity.INFO else 'a'} {severity}"
