"""
The outbox against a simple model, whatever happens in whatever order, and with a process that dies at any moment.

The model is one list per incident. What has been sent is played to a receiver that remembers, so that a repeat is told
from a second incident.
"""

from collections import defaultdict

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from monitor.alerting import outbox as outbox_module
from monitor.alerting.outbox import MOST_AGE, Outbox, Waiting
from monitor.alerting.records import Posted
from monitor.incidents.incident import Event, Transition
from tests.sinks.events import OPENED_AT, event

OPENED, CHANGED, REMINDED, RESOLVED = Transition
SINKS = ("pager", "chat")


def event_of(incident: str, transition: Transition, number: int = 1) -> Event:
    return event(transition, event_id=f"{incident}-{number}", id=incident)


def taken(outbox: Outbox, sink: str = "pager") -> list[str]:
    """
    Deliver all that may be delivered, and return the ids of the events.
    """
    ids: list[str] = []
    while (waiting := outbox.next(sink, now=0.0)) is not None:
        ids.append(waiting.posted.event.id)
        outbox.acknowledge(waiting)
    return ids


def keep(outbox: Outbox) -> None:
    """
    Let the store know of all.
    """
    outbox.kept(*outbox.unkept())


def test_nothing_is_sent_before_the_store_knows_of_it() -> None:
    outbox = Outbox()
    outbox.add("pager", event_of("a", OPENED))
    assert outbox.next("pager", now=0.0) is None

    keep(outbox)

    assert taken(outbox) == ["a-1"]


def test_the_next_event_of_an_incident_waits_until_the_store_knows_of_the_acknowledgement() -> None:
    outbox = Outbox()
    outbox.add("pager", event_of("a", OPENED, 1))
    outbox.add("pager", event_of("a", RESOLVED, 2))
    outbox.add("pager", event_of("b", OPENED, 1))
    keep(outbox)

    assert taken(outbox) == ["a-1", "b-1"]
    keep(outbox)

    assert taken(outbox) == ["a-2"]


def test_one_event_that_is_put_off_holds_up_no_other_incident() -> None:
    outbox = Outbox()
    outbox.add("pager", event_of("a", OPENED))
    outbox.add("pager", event_of("a", RESOLVED, 2))
    outbox.add("pager", event_of("b", OPENED))
    keep(outbox)
    first = outbox.next("pager", now=0.0)
    assert first is not None
    first.not_before = 10.0

    assert outbox.next_at("pager", now=0.0) == 10.0
    assert taken(outbox) == ["b-1"]


@pytest.mark.parametrize(
    ("transitions", "left"),
    [
        ([OPENED, CHANGED, CHANGED], [OPENED, CHANGED]),
        ([OPENED, REMINDED], [OPENED]),
        ([OPENED, CHANGED, RESOLVED], [OPENED, RESOLVED]),
        ([REMINDED, CHANGED], [CHANGED]),
        ([OPENED, RESOLVED, OPENED], [OPENED, RESOLVED, OPENED]),
    ],
)
def test_what_is_overtaken_is_not_sent(transitions: list[Transition], left: list[Transition]) -> None:
    outbox = Outbox()

    for number, transition in enumerate(transitions):
        outbox.add("pager", event_of("a", transition, number))

    waiting, _ = outbox.unkept()
    assert [each.posted.event.transition for each in waiting] == left


def test_what_is_under_way_is_not_overtaken() -> None:
    outbox = Outbox()
    outbox.add("pager", event_of("a", CHANGED, 1))
    keep(outbox)
    sent = outbox.next("pager", now=0.0)
    assert sent is not None
    sent.is_under_way = True

    outbox.add("pager", event_of("a", CHANGED, 2))

    assert outbox.counts()["pager"][0] == 2


def test_a_store_that_cannot_be_used_keeps_nobody_from_being_told() -> None:
    outbox = Outbox()
    outbox.add("pager", event_of("a", OPENED, 1))
    outbox.add("pager", event_of("a", RESOLVED, 2))

    outbox.release()
    assert taken(outbox) == ["a-1"]
    outbox.release()

    assert taken(outbox) == ["a-2"]
    assert sorted(outbox.unkept()[1]) == [1, 2]


def test_too_many_take_the_place_of_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "MOST_WAITING", 3)
    outbox = Outbox()

    for name in "abcde":
        outbox.add("pager", event_of(name, OPENED))
    keep(outbox)

    assert taken(outbox) == ["c-1", "d-1", "e-1"]


@pytest.mark.parametrize(
    ("transitions", "left"),
    [
        pytest.param([OPENED, RESOLVED], [], id="over-and-never-told"),
        pytest.param([OPENED], [OPENED], id="open"),
        pytest.param([RESOLVED], [RESOLVED], id="over-and-told"),
        pytest.param([CHANGED], [], id="more-of-what-was-told"),
    ],
)
def test_only_what_nobody_wants_to_hear_of_any_more_is_dropped(
    transitions: list[Transition], left: list[Transition]
) -> None:
    outbox = Outbox()
    for number, transition in enumerate(transitions):
        outbox.add("pager", event_of("a", transition, number))
    keep(outbox)
    assert outbox.drop_old(OPENED_AT + MOST_AGE) == []

    outbox.drop_old(OPENED_AT + 2 * MOST_AGE)

    assert outbox.counts()["pager"][0] == len(left)
    assert len(outbox.unkept()[1]) == len(transitions) - len(left)


class Crashes(RuleBasedStateMachine):
    """
    Incidents live one after the other; the receiver may take an event without its answer arriving; the process dies.
    """

    @initialize()
    def begin(self) -> None:
        self.disk: dict[int, Posted] = {}
        self.outbox = Outbox()
        # What was committed, in order; and what each receiver got, repeats included.
        self.written: dict[tuple[str, str], list[Event]] = defaultdict(list)
        self.unwritten: list[tuple[str, Event]] = []
        self.got: dict[tuple[str, str], list[Event]] = defaultdict(list)
        self.lives = 0
        self.now = 0.0

    @rule(sink=st.sampled_from(SINKS), incident=st.sampled_from("abc"))
    def live(self, sink: str, incident: str) -> None:
        self.lives += 1
        for number, transition in enumerate((OPENED, RESOLVED)):
            posted = event_of(f"{incident}{self.lives}", transition, number)
            self.outbox.add(sink, posted)
            self.unwritten.append((sink, posted))

    @rule()
    def write(self) -> None:
        added, acknowledged = self.outbox.unkept()
        self.disk |= {each.posted.number: each.posted for each in added}
        for number in acknowledged:
            self.disk.pop(number, None)
        self.outbox.kept(added, acknowledged)
        for sink, posted in self.unwritten:
            self.written[sink, posted.incident.id].append(posted)
        self.unwritten.clear()

    @rule(sink=st.sampled_from(SINKS), outcome=st.sampled_from(["delivered", "delivered", "lost", "refused"]))
    def attempt(self, sink: str, outcome: str) -> None:
        waiting = self.outbox.next(sink, now=self.now)
        if waiting is None:
            self.now = min(self.now + 5.0, max(self.now, self.outbox.next_at(sink, now=self.now)))
            return
        if outcome != "refused":
            self._take(waiting)
        if outcome == "delivered":
            self.outbox.acknowledge(waiting)
        else:
            waiting.not_before = self.now + 1.0

    @rule()
    def die(self) -> None:
        self.outbox = Outbox()
        self.outbox.restore(sorted(self.disk.values(), key=lambda each: each.number))
        self.unwritten.clear()

    @precondition(lambda self: self.disk or self.unwritten)
    @rule()
    def drain(self) -> None:
        for _ in range(2 * len(self.outbox) + 2):
            self.write()
            self.now += 10.0
            for sink in SINKS:
                while (waiting := self.outbox.next(sink, now=self.now)) is not None:
                    self._take(waiting)
                    self.outbox.acknowledge(waiting)
        self.write()

        assert not len(self.outbox)
        assert not self.disk
        for stream, events in self.written.items():
            assert [each.id for each in _without_repeats(self.got[stream])] == [each.id for each in events]

    @invariant()
    def an_incident_never_opens_again_after_it_was_resolved(self) -> None:
        for events in self.got.values():
            transitions = [each.transition for each in events]
            if RESOLVED in transitions:
                assert OPENED not in transitions[transitions.index(RESOLVED) :]

    def _take(self, waiting: Waiting) -> None:
        self.got[waiting.stream].append(waiting.posted.event)


def _without_repeats(events: list[Event]) -> list[Event]:
    return list({each.id: each for each in events}.values())


TestCrashes = Crashes.TestCase
TestCrashes.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
