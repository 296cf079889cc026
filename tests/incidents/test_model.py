"""
The incidents against a simple model, whatever happens in whatever order.

The model keeps every verdict there ever was and looks at the whole list each time; it knows of flapping only that it
may hold an incident open, and for how long at most. What sinks are told is played to receivers that remember.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from monitor.core.severity import Severity
from monitor.incidents.incident import Event, Fault, Finding, Transition
from monitor.incidents.settings import Alerts
from tests.incidents.story import BEGINNING, CHAT, PAGER, Story

CHECKS = ("a", "b")
EVERY_SECONDS = 60.0
# A check that flaps is let go after this much of right runs.
CALM = timedelta(seconds=600.0)


@dataclass
class Receiver:
    """
    A receiver as PagerDuty is: an incident opens with its key, and is resolved by it.
    """

    open: dict[str, Event] = field(default_factory=dict)
    opened: list[tuple[datetime, str]] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """
        Take *event*, and object to what nobody should be told.
        """
        key = event.incident.dedup_key
        match event.transition:
            case Transition.OPENED:
                assert key not in self.open, f"{key} opened twice"
                self.open[key] = event
                self.opened.append((event.at, key))
            case Transition.RESOLVED:
                assert key in self.open, f"{key} resolved without having been opened"
                del self.open[key]
            case _:
                assert key in self.open, f"{key} {event.transition} without having been opened"


@dataclass
class Verdicts:
    """
    All that was ever seen of one check, as letters with their times.
    """

    seen: list[tuple[datetime, str]] = field(default_factory=list)

    def in_a_row(self, letters: str) -> int:
        """
        Return how many of the last verdicts are among *letters*.
        """
        return len(list(takewhile(lambda each: each[1] in letters, reversed(self.seen))))

    def right_for(self) -> timedelta:
        """
        Return for how long it has been right.
        """
        rights = self.seen[len(self.seen) - self.in_a_row("PD") :]
        return rights[-1][0] - rights[0][0] if rights else timedelta(0)

    def failures_in(self, count: int) -> int:
        """
        Return how often it failed in the last *count* verdicts, counting what failed in a row once.
        """
        letters = [letter for _, letter in self.seen[-count:]]
        return sum(letter == "F" and (not index or letters[index - 1] != "F") for index, letter in enumerate(letters))


class Incidents(RuleBasedStateMachine):
    """
    Two checks, a pager and a chat, silences and restarts.
    """

    @initialize(open_after=st.integers(1, 4), resolve_after=st.integers(1, 4))
    def begin(self, open_after: int, resolve_after: int) -> None:
        self.alerts = Alerts(open_after=open_after, resolve_after=resolve_after)
        self.story = Story(alerts=self.alerts, every_seconds=EVERY_SECONDS)
        self.verdicts: dict[str, Verdicts] = defaultdict(Verdicts)
        self.receivers = {route.sink: Receiver() for route in (PAGER, CHAT)}
        self.played = 0
        # Checks that have run since the last restart, and when an incident was last one that pages.
        self.seen: set[str] = set()
        self.paging_at: dict[str, datetime] = {}

    @rule(check=st.sampled_from(CHECKS), history=st.text("FPDEM", min_size=1, max_size=6))
    def end(self, check: str, history: str) -> None:
        for letter in history:
            self.story.tell(letter, check=check)
            if letter != "M":
                self.seen.add(check)
            if letter in "FPD":
                self.verdicts[check].seen.append((self.story.now, letter))
            self._play()

    @rule(check=st.sampled_from(CHECKS), runs=st.integers(5, 30))
    def recover(self, check: str, runs: int) -> None:
        self.end(check, "P" * runs)

    @rule(check=st.sampled_from(CHECKS), repeats=st.text("FP", min_size=1, max_size=5))
    def repeat(self, check: str, repeats: str) -> None:
        before = len(self.story.book.findings.open)

        self.story.tell(repeats, check=check, is_repeat=True)
        self._play()

        assert len(self.story.book.findings.open) == before

    @rule(seconds=st.sampled_from([1.0, 61.0, 3600.0, 5 * 3600.0]))
    def wait(self, seconds: float) -> None:
        self.story.wait(seconds)
        self._play()

    @rule(check=st.sampled_from(["a", "b", "*"]), seconds=st.sampled_from([30.0, 7200.0]))
    def silence(self, check: str, seconds: float) -> None:
        self.story.silence(check, seconds=seconds)

    @precondition(lambda self: self.story.book.cases)
    @rule()
    def restart(self) -> None:
        self.story.restart()
        self.seen.clear()
        self.story.settle()
        self._play()

    @invariant()
    def what_is_certain_is_believed(self) -> None:
        for check in CHECKS:
            verdicts, failing = self.verdicts[check], self._failing(check)
            if verdicts.in_a_row("F") >= self.alerts.open_after:
                assert failing, f"{check} failed {verdicts.in_a_row('F')} times and is not believed to"
            if failing:
                rights = verdicts.in_a_row("PD")
                is_over = rights >= self.alerts.resolve_after and verdicts.right_for() >= CALM
                assert not is_over, f"{check} is right and held to have failed"

    @invariant()
    def nothing_is_believed_of_what_never_failed_enough(self) -> None:
        for check in CHECKS:
            verdicts = self.verdicts[check].seen
            in_a_row = most = 0
            for _, letter in verdicts:
                in_a_row = in_a_row + 1 if letter == "F" else 0
                most = max(most, in_a_row)
            often = any(Verdicts(verdicts[:end]).failures_in(20) >= 3 for end in range(1, len(verdicts) + 1))
            if most < self.alerts.open_after and not often:
                assert not self._failing(check)

    @invariant()
    def what_is_found_is_open_at_whoever_is_to_know(self) -> None:
        now = self.story.now
        for case in self.story.book.cases.values():
            incident, key = case.incident, case.incident.dedup_key
            if incident.severity is not Severity.PAGE and now - self.paging_at.get(key, BEGINNING) > CALM:
                assert key not in self.receivers["pager"].open
            is_silent = all(
                any(silence.covers(check, now) for silence in self.story.silences) for check in incident.checks
            )
            if is_silent or not any(self._is_seen(finding) for finding in incident.findings):
                continue
            assert key in self.receivers["chat"].open
            assert key in self.receivers["pager"].open or incident.severity is not Severity.PAGE

    @invariant()
    def nothing_is_open_anywhere_that_is_over(self) -> None:
        known = {case.incident.dedup_key for case in self.story.book.cases.values()}
        for receiver in self.receivers.values():
            assert receiver.open.keys() <= known

    @invariant()
    def nobody_is_paged_a_third_time_without_a_calm_stretch(self) -> None:
        for check in CHECKS:
            times = [at for at, key in self.receivers["pager"].opened if self._check_of(key) == check]
            for first, third in zip(times, times[2:], strict=False):
                assert third - first > CALM or self._was_silenced()

    @invariant()
    def own_trouble_pages_nobody(self) -> None:
        for event in self.story.events("pager"):
            assert all(finding.fault is Fault.TARGET for finding in event.incident.findings)

    def _is_seen(self, finding: Finding) -> bool:
        """
        Return whether the last run of its check, in this process, has seen it.
        """
        if finding.check not in self.seen:
            return False
        letters = "F" if finding.severity is Severity.PAGE else "FD"
        return finding.fault is Fault.OWN or self.verdicts[finding.check].in_a_row(letters) > 0

    def _play(self) -> None:
        paging = [case for case in self.story.book.cases.values() if case.incident.severity is Severity.PAGE]
        self.paging_at |= {case.incident.dedup_key: self.story.now for case in paging}
        dispatches = self.story.dispatches[self.played :]
        self.played = len(self.story.dispatches)
        for dispatch in dispatches:
            self.receivers[dispatch.sink].take(dispatch.event)

    def _failing(self, check: str) -> bool:
        return any(each.check == check and each.severity is Severity.PAGE for each in self.story.findings(Fault.TARGET))

    def _check_of(self, key: str) -> str:
        return next(event.incident.checks[0] for event in self.story.events("pager") if event.incident.dedup_key == key)

    def _was_silenced(self) -> bool:
        # The end of a silence pages for what it kept back.
        return bool(self.story.silences)


TestIncidents = Incidents.TestCase
TestIncidents.settings = settings(
    max_examples=100, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
