"""
The acts so far, and what the daemon says of them.

Fed with news, and nothing else: it knows no clock, and does not wait. An incident of one act may still be open in the
next: a page for what was wrong before is counted there.
"""

from dataclasses import dataclass

from monitor.core.cause import Cause
from monitor.core.severity import Severity
from monitor.incidents.book import News
from monitor.incidents.incident import Incident
from monitor.replay.course import Course, Moment
from monitor.sandbox.incidents.script import Act, Diagnosed


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """
    What came of news: the incidents with a cause that had not been named, those that woke somebody, and the causes of
    which nothing is open any more.
    """

    after_seconds: float = 0.0
    named: tuple[Incident, ...] = ()
    pages: tuple[Incident, ...] = ()
    over: tuple[Cause, ...] = ()


class Trial:
    """
    One course an act, in their order; the last is the one that is played.
    """

    def __init__(self) -> None:
        self.courses: list[Course] = []
        self._open: dict[str, Incident] = {}
        # What was open when the act began is no news of it.
        self._causes_before: frozenset[Cause] = frozenset()

    @property
    def is_quiet(self) -> bool:
        """
        Whether no incident is open.
        """
        return not self._open

    @property
    def exit_code(self) -> int:
        """
        What the program ends with: 1 when anything did not go as expected.
        """
        return 1 if self.failures() else 0

    def begin(self, act: Act, *, at_seconds: float) -> Course:
        """
        Begin *act*, whose faults take the place of those before.
        """
        if self.courses:
            self.courses[-1].mended_at_seconds = at_seconds
        course = Course(act=act, began_at_seconds=at_seconds, mended_at_seconds=at_seconds)
        self.courses.append(course)
        self._causes_before = self._causes()
        self._note_over(at_seconds)
        return course

    def hear(self, news: News, *, at_seconds: float) -> Heard:
        """
        Note *news* of that time; return what came of it.
        """
        said, was = (*news.opened, *news.changed), self._causes()
        pages = tuple(incident for incident in said if self._wakes(incident))
        self._open |= {incident.id: incident for incident in said}
        for incident in news.resolved:
            self._open.pop(incident.id, None)
        if not self.courses:
            return Heard()
        after_seconds = at_seconds - self.courses[-1].began_at_seconds
        for incident in said:
            self._note(Moment(after_seconds=after_seconds, incident=incident))
        for incident in pages:
            self._to_blame(incident.cause).pages.append(incident)
        self._note_over(at_seconds)
        return Heard(
            after_seconds=after_seconds,
            named=tuple(incident for incident in said if incident.cause not in was),
            pages=pages,
            over=tuple(sorted(was - self._causes())),
        )

    def failures(self) -> list[str]:
        """
        Return a line for everything that did not go as expected.
        """
        return [f"act {number}: {each}" for number, course in enumerate(self.courses, 1) for each in course.failures()]

    def _wakes(self, incident: Incident) -> bool:
        known = self._open.get(incident.id)
        return incident.severity is Severity.PAGE and (known is None or known.severity is not Severity.PAGE)

    def _note(self, moment: Moment) -> None:
        course, cause = self.courses[-1], moment.incident.cause
        expected = course.act.expectation
        is_expected = isinstance(expected, Diagnosed) and cause is expected.cause
        if course.detected is None and (is_expected or cause not in self._causes_before):
            course.detected = moment
        if is_expected and not course.holds:
            course.diagnosed = moment

    def _note_over(self, at_seconds: float) -> None:
        causes = self._causes()
        self.courses[-1].open = tuple(self._open.values())
        for course in self.courses:
            expected = course.act.expectation
            is_open = expected.cause in causes if isinstance(expected, Diagnosed) else bool(causes)
            if is_open:
                course.over_at_seconds = None
            elif course.over_at_seconds is None:
                course.over_at_seconds = at_seconds

    def _causes(self) -> frozenset[Cause]:
        return frozenset(incident.cause for incident in self._open.values())

    def _to_blame(self, cause: Cause) -> Course:
        """
        Return the newest course in which *cause* is what was wrong; the last for what was so in none.
        """
        own = (course for course in reversed(self.courses) if cause in course.own_causes)
        return next(own, self.courses[-1])
