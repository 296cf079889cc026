"""
What is kept of outcomes, and what is told of them, while the store works and while it does not.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.alerting.keeper import Hooks, Keeper
from monitor.alerting.records import Batch, Ran, Records
from monitor.alerting.silences import Silences
from monitor.core.check import Check
from monitor.core.outcome import Outcome, Reason, Status
from monitor.core.redaction import Redactor
from monitor.core.topic import Topic
from monitor.incidents.book import News
from monitor.incidents.incident import Transition
from monitor.incidents.settings import Alerts
from monitor.store import Store, StoreError
from tests.clock import FakeClock
from tests.engine import TARGET, Behaving, behaving, forever
from tests.incidents.story import CHAT, PAGER
from tests.outcomes import outcome_of
from tests.stores import InstantStore

pytestmark = [pytest.mark.asyncio, pytest.mark.looptime(start=0.0)]

OPENED, CHANGED, REMINDED, RESOLVED = Transition


@dataclass
class Kept:
    """
    A keeper, and what it told of.
    """

    store: Store
    clock: FakeClock = field(default_factory=FakeClock)
    news: list[News] = field(default_factory=list)
    # When delivery was told that there is something to send.
    released_at: list[float] = field(default_factory=list)
    check: Check = field(default_factory=lambda: behaving(forever, every="60s"))

    def __post_init__(self) -> None:
        self.records = Records(self.store, target="production", location="fra1")
        self.silences = Silences(self.store, target="production")
        hooks = Hooks(on_news=self.news.append, on_posted=self.note_posted)
        self.keeper = Keeper(self.records, self.silences, self.clock, target="production", location="fra1", hooks=hooks)
        self.use()

    def note_posted(self) -> None:
        if self.keeper.outbox.next("pager", now=self.clock.monotonic()) is not None:
            self.released_at.append(self.clock.monotonic())

    def use(self, **alerts: Any) -> None:
        rules = Alerts.model_validate(alerts)
        redact = Redactor(["hunter2-hunter2"])
        self.keeper.use(alerts=rules, routes=(PAGER, CHAT), redact=redact, keep=timedelta(days=30))

    def end(self, status: Status, **settings: Any) -> bool:
        """
        Let a run of the check end now.
        """
        reason = None if status is Status.PASSED else Reason.NO_EVENT
        fields = {"check": "checked", "started_at": self.clock.now(), "duration_seconds": 0.0, **settings}
        outcome: Outcome = outcome_of(status, fields.pop("reason", reason), **fields)
        return self.keeper.observe(self.check, outcome).confirm

    def fail_twice(self) -> None:
        self.end(Status.FAILED)
        self.end(Status.FAILED)

    def waiting(self) -> list[tuple[str, Transition]]:
        """
        Return what may be sent now.
        """
        found: list[tuple[str, Transition]] = []
        for sink in ("pager", "chat"):
            while (each := self.keeper.outbox.next(sink, now=self.clock.monotonic())) is not None:
                each.is_under_way = True
                found.append((sink, each.posted.event.transition))
        return found


@asynccontextmanager
async def keeping(store: Store | None = None) -> AsyncIterator[Kept]:
    """
    Give a keeper that is kept going.
    """
    kept = Kept(store or InstantStore())
    task = asyncio.create_task(kept.keeper.keep())
    try:
        yield kept
    finally:
        task.cancel()
        await asyncio.wait({task})
        kept.store.close()


def instant(kept: Kept) -> InstantStore:
    assert isinstance(kept.store, InstantStore)
    return kept.store


def rows(kept: Kept, table: str) -> int:
    return int(instant(kept).connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


async def test_a_failure_that_is_believed_is_written_down_with_its_events_at_once() -> None:
    async with keeping() as kept:
        kept.fail_twice()
        await asyncio.sleep(0.01)

        assert (rows(kept, "incident"), rows(kept, "outbox"), rows(kept, "streak")) == (1, 2, 1)
        assert kept.waiting() == [("pager", OPENED), ("chat", OPENED)]


async def test_nothing_may_be_sent_before_it_is_written() -> None:
    async with keeping() as kept:
        await asyncio.sleep(0.1)
        kept.fail_twice()

        assert kept.waiting() == []


async def test_history_is_written_once_a_second() -> None:
    async with keeping() as kept:
        await asyncio.sleep(0.5)
        before = instant(kept).writes
        for _ in range(10):
            kept.end(Status.PASSED)
            await asyncio.sleep(0.05)
        await asyncio.sleep(1.0)

        assert rows(kept, "run") == 10
        assert instant(kept).writes - before <= 2


async def test_no_secret_is_written_down_or_told() -> None:
    async with keeping() as kept:
        for _ in range(2):
            kept.end(
                Status.FAILED,
                message="the key hunter2-hunter2 was refused",
                evidence={"sent": ("hunter2-hunter2",), "who": "ann@example.com"},
            )
        await asyncio.sleep(0.1)

        dump = "".join(instant(kept).connection.iterdump())
        assert "hunter2" not in dump
        assert "ann@example.com" not in dump
        assert "[redacted]" in dump


async def test_evidence_is_bounded_and_half_a_character_hurts_nobody() -> None:
    async with keeping() as kept:
        for _ in range(2):
            kept.end(Status.FAILED, evidence={"body": ("x" * 1000,) * 1000, "half": "\ud83d"})
        await asyncio.sleep(0.1)

        [case] = kept.keeper.book.cases.values()
        assert "left_out" in case.incident.findings[0].outcome["evidence"]
        assert rows(kept, "incident") == 1


async def test_while_the_store_cannot_be_used_people_are_told_and_it_learns_of_all_later() -> None:
    async with keeping() as kept:
        instant(kept).trouble = "its disk is full"
        kept.fail_twice()
        await asyncio.sleep(0.1)
        assert kept.waiting() == [("pager", OPENED), ("chat", OPENED)]
        kept.end(Status.PASSED)

        instant(kept).trouble = ""
        await asyncio.sleep(5.0)

        assert (rows(kept, "incident"), rows(kept, "outbox"), rows(kept, "run")) == (1, 2, 3)


async def test_while_the_store_hangs_people_are_told_after_two_seconds() -> None:
    async with keeping() as kept:
        await asyncio.sleep(0.1)
        instant(kept).hangs = True
        kept.fail_twice()
        await asyncio.sleep(1.9)
        assert kept.waiting() == []

        await asyncio.sleep(0.5)
        assert kept.waiting() == [("pager", OPENED), ("chat", OPENED)]
        kept.end(Status.PASSED)
        kept.end(Status.PASSED)
        await asyncio.sleep(0.5)

        # Only the one before stands in its way, since it is under way.
        assert kept.keeper.outbox.counts()["pager"][0] == 2


async def test_history_that_cannot_be_written_does_not_grow_for_ever() -> None:
    async with keeping() as kept:
        instant(kept).trouble = "its disk is full"
        for _ in range(12_000):
            kept.end(Status.PASSED)
        await asyncio.sleep(3.0)
        instant(kept).trouble = ""
        await asyncio.sleep(3.0)

        assert rows(kept, "run") == 10_000


async def test_another_process_goes_on_where_this_one_was_killed(tmp_path: Path) -> None:
    store = InstantStore()
    first = Kept(store)
    first.end(Status.FAILED)
    await first.keeper.write()
    # Killed here, after one failure of two.
    second = Kept(store)
    await second.keeper.restore(["checked"])
    second.end(Status.FAILED)
    await second.keeper.write()
    assert second.waiting() == [("pager", OPENED), ("chat", OPENED)]
    # Killed before anything was acknowledged.
    third = Kept(store)
    await third.keeper.restore(["checked"])
    third.end(Status.FAILED)
    await third.keeper.write()

    assert third.waiting() == [("pager", OPENED), ("chat", OPENED)]
    assert len(third.keeper.book.cases) == 1
    assert [case.incident.id for case in third.keeper.book.cases.values()] == list(second.keeper.book.cases)
    store.close()


async def test_what_is_written_is_what_was_true_at_one_moment() -> None:
    # A batch that is queued while something changes must not hold the change without its event.
    kept = Kept(InstantStore())
    kept.end(Status.FAILED)
    writing = asyncio.create_task(kept.keeper.write())
    # It writes in a task of its own, which has taken the batch then.
    for _ in range(2):
        await asyncio.sleep(0)
    kept.end(Status.FAILED)
    await writing

    assert (rows(kept, "incident"), rows(kept, "outbox")) == (0, 0)
    await kept.keeper.write()

    assert (rows(kept, "incident"), rows(kept, "outbox")) == (1, 2)
    kept.store.close()


async def test_a_check_that_is_not_configured_any_more_is_over_at_the_next_start() -> None:
    store = InstantStore()
    first = Kept(store)
    first.fail_twice()
    await first.keeper.write()
    for each in [*first.keeper.outbox._waiting["pager"].values(), *first.keeper.outbox._waiting["chat"].values()]:
        first.keeper.outbox.acknowledge(each)
    await first.keeper.write()

    second = Kept(store)
    await second.keeper.restore(["another"])
    await second.keeper.write()

    assert second.waiting() == [("pager", RESOLVED), ("chat", RESOLVED)]
    assert rows(second, "streak") == 0
    store.close()


async def test_a_silence_that_is_given_while_it_runs_is_heeded_within_seconds() -> None:
    async with keeping() as kept:
        now = kept.clock.now()
        await kept.silences.give(["check*"], since=now, until=now + timedelta(hours=1), reason="deploy", by="ann")
        await asyncio.sleep(4.0)
        kept.fail_twice()
        await asyncio.sleep(1.0)
        assert kept.waiting() == []

        await asyncio.sleep(3600.0)

        assert kept.waiting() == [("pager", OPENED), ("chat", OPENED)]


async def test_a_store_that_cannot_be_read_at_the_start_loses_nothing_that_it_holds() -> None:
    store = InstantStore()
    first = Kept(store)
    first.fail_twice()
    await first.keeper.write()
    store.trouble = "another process has locked it"
    second = Kept(store)
    await second.keeper.restore(["checked"])
    store.trouble = ""

    second.fail_twice()
    await second.keeper.write()

    assert rows(second, "outbox") == 4
    store.close()


async def test_what_is_forgotten_at_the_start_lets_no_silence_leak() -> None:
    store = InstantStore()
    first = Kept(store)
    now = first.clock.now()
    await first.silences.give(["checked"], since=now, until=now + timedelta(hours=1), reason="deploy", by="ann")
    await first.silences.look(now)
    first.fail_twice()
    first.end(Status.PASSED, check="gone")
    await first.keeper.write()

    second = Kept(store)
    await second.keeper.restore(["checked"])
    second.fail_twice()
    await second.keeper.write()

    assert second.waiting() == []
    store.close()


@pytest.mark.parametrize("table", ["run", "outbox", "incident"])
async def test_a_store_that_lacks_a_table_keeps_nobody_from_being_told(table: str) -> None:
    async with keeping() as kept:
        await asyncio.sleep(0.1)
        instant(kept).connection.execute(f"ALTER TABLE {table} RENAME TO away")
        kept.fail_twice()
        await asyncio.sleep(0.1)

        assert kept.waiting() == [("pager", OPENED), ("chat", OPENED)]
        assert "incidents cannot be written down" in kept.keeper.trouble
        instant(kept).connection.execute(f"ALTER TABLE away RENAME TO {table}")
        await asyncio.sleep(5.0)

        assert (rows(kept, "run"), rows(kept, "incident"), rows(kept, "outbox")) == (2, 1, 2)
        assert kept.keeper.trouble == ""


async def test_whatever_a_kind_from_elsewhere_puts_into_its_evidence_is_kept_as_text() -> None:
    async with keeping() as kept:
        for _ in range(2):
            kept.end(
                Status.FAILED,
                evidence={"body": b"half", "at": kept.clock.now(), "nan": float("nan"), "of": ({1: {2}},)},
            )
        await asyncio.sleep(0.1)

        assert rows(kept, "run") == 2
        [document] = {row[0] for row in instant(kept).connection.execute("SELECT document FROM run LIMIT 1")}
        evidence = json.loads(document)["evidence"]
        assert (evidence["body"], evidence["nan"], evidence["of"]) == ("b'half'", "nan", [{"1": "{2}"}])


async def test_a_store_that_lacks_a_table_keeps_nobody_from_starting() -> None:
    for table in ("streak", "incident", "outbox", "silence"):
        kept = Kept(InstantStore())
        instant(kept).connection.execute(f"DROP TABLE {table}")

        await kept.keeper.restore(["checked"])
        kept.fail_twice()
        await kept.keeper.write()

        assert kept.waiting() == [("pager", OPENED), ("chat", OPENED)]
        kept.store.close()


async def test_a_page_waits_no_longer_for_a_store_that_keeps_failing() -> None:
    async with keeping() as kept:
        instant(kept).trouble = "its disk is full"
        kept.end(Status.PASSED)
        # Between two attempts to write.
        await asyncio.sleep(10.1)

        kept.fail_twice()
        started = kept.clock.monotonic()
        await asyncio.sleep(5.0)

        assert min(kept.released_at) - started < 0.1


async def test_of_the_runs_that_cannot_be_written_the_newest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, ends = Kept(InstantStore()), asyncio.Event()

    async def fail(_: Batch) -> bool:
        await ends.wait()
        raise StoreError("its disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(kept.records, "save", fail)
        for number in range(10_000):
            kept.end(Status.PASSED, run_id=f"old-{number}")
        writing = asyncio.create_task(kept.keeper.write())
        await asyncio.sleep(0.1)
        for number in range(10_000):
            kept.end(Status.PASSED, run_id=f"new-{number}")
        ends.set()
        await writing
    await kept.keeper.write()

    assert rows(kept, "run") == 10_000
    assert instant(kept).connection.execute("SELECT COUNT(*) FROM run WHERE document LIKE '%old-%'").fetchone() == (0,)
    kept.store.close()


async def test_a_bug_in_one_turn_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with keeping() as kept:
        with monkeypatch.context() as broken:
            broken.setattr(kept.keeper, "_drop_old", lambda: 1 / 0)
            await asyncio.sleep(5.0)
        kept.fail_twice()
        await asyncio.sleep(2.0)

        assert rows(kept, "outbox") == 2


async def test_silences_that_a_new_file_does_not_have_are_given_again() -> None:
    async with keeping() as kept:
        now = kept.clock.now()
        await kept.silences.give(["checked"], since=now, until=now + timedelta(hours=1), reason="deploy", by="ann")
        lifted = await kept.silences.give(["*"], since=now, until=now + timedelta(hours=1), reason="deploy", by="ann")
        await asyncio.sleep(3.0)
        await kept.silences.lift(lifted.id, now=kept.clock.now())
        await asyncio.sleep(3.0)
        assert [each.checks for each in kept.silences.known] == [("checked",)]

        instant(kept).connection.execute("DELETE FROM silence")
        await asyncio.sleep(3.0)

        assert [each.checks for each in await kept.silences.all()] == [("checked",)]


async def test_a_silence_that_cannot_be_read_is_left_out() -> None:
    kept = Kept(InstantStore())
    now = kept.clock.now()
    await kept.silences.give(["checked"], since=now, until=now + timedelta(hours=1), reason="deploy", by="ann")
    instant(kept).connection.execute("INSERT INTO silence VALUES ('production', 'x', 'no json', 0, 9e9, 'r', 'b')")
    instant(kept).connection.execute("INSERT INTO silence VALUES ('production', 'y', '[]', 0, 9e99, 'r', 'b')")

    await kept.keeper.restore(["checked"])

    assert [each.checks for each in kept.silences.known] == [("checked",)]
    kept.store.close()


async def test_what_others_keep_in_the_same_file_is_theirs() -> None:
    async with keeping() as kept:
        await Records(kept.store, target="other", location="fra1").save(
            Batch(runs=[Ran(check="checked", ended_at=kept.clock.now() - timedelta(days=90), document={})])
        )

        await asyncio.sleep(1300.0)

        assert rows(kept, "run") == 1


async def test_a_row_that_cannot_be_read_keeps_no_other_from_being_read() -> None:
    store = InstantStore()
    first = Kept(store)
    first.fail_twice()
    await first.keeper.write()
    store.connection.execute(
        "INSERT INTO incident VALUES ('production', 'fra1', 'bad', 0.0, NULL, '{\"incident\": 1}'), "
        "('production', 'fra1', 'worse', 0.0, NULL, 'no json')"
    )

    second = Kept(store)
    await second.keeper.restore(["checked"])

    assert len(second.keeper.book.cases) == 1
    store.close()


async def test_a_file_that_took_the_place_of_the_one_before_learns_of_everything() -> None:
    async with keeping() as kept:
        kept.fail_twice()
        await asyncio.sleep(0.1)
        for table in ("incident", "outbox", "streak", "run"):
            instant(kept).connection.execute(f"DELETE FROM {table}")

        kept.end(Status.FAILED)
        await asyncio.sleep(2.5)

        assert (rows(kept, "incident"), rows(kept, "outbox"), rows(kept, "streak")) == (1, 2, 1)
        before = instant(kept).writes
        await asyncio.sleep(5.0)
        assert instant(kept).writes == before


async def test_what_is_old_is_retired() -> None:
    async with keeping() as kept:
        kept.fail_twice()
        kept.end(Status.PASSED)
        kept.end(Status.PASSED)
        await asyncio.sleep(2.0)
        assert (rows(kept, "run"), rows(kept, "incident")) == (4, 1)

        kept.clock.jump(31 * 86_400.0)
        await asyncio.sleep(1300.0)

        assert (rows(kept, "run"), rows(kept, "incident")) == (0, 0)


async def test_an_open_incident_is_never_retired() -> None:
    async with keeping() as kept:
        kept.fail_twice()
        await asyncio.sleep(2.0)

        kept.clock.jump(90 * 86_400.0)
        await asyncio.sleep(1300.0)

        assert rows(kept, "incident") == 1


async def test_somebody_hears_of_what_opens_and_resolves() -> None:
    async with keeping() as kept:
        kept.fail_twice()
        kept.end(Status.PASSED)
        kept.end(Status.PASSED)

        assert [(len(each.opened), len(each.resolved)) for each in kept.news] == [(1, 0), (0, 1)]


async def test_a_first_failure_asks_for_a_second_look() -> None:
    kept = Kept(InstantStore())

    assert [kept.end(Status.FAILED), kept.end(Status.FAILED), kept.end(Status.PASSED)] == [True, False, False]
    kept.store.close()


async def test_what_could_not_be_written_is_not_lost_with_who_wanted_it_written() -> None:
    kept = Kept(InstantStore())
    kept.fail_twice()
    instant(kept).trouble = "its disk is full"
    writing = asyncio.create_task(kept.keeper.write())
    for _ in range(2):
        await asyncio.sleep(0)
    writing.cancel()
    await asyncio.wait({writing})

    instant(kept).trouble = ""
    await kept.keeper.write()

    assert (rows(kept, "incident"), rows(kept, "outbox")) == (1, 2)
    kept.store.close()


class Reaching(Behaving):
    """
    A check that tells whether the API answers.
    """

    topics = frozenset({Topic.API})


def asking(kept: Kept, **settings: Any) -> Sequence[str]:
    """
    Return whom the keeper asks because of one more failure, in which requests are not answered.
    """
    evidence = {"phase": "first_byte", "waited_seconds": 2.0}
    fields = {"check": "checked", "started_at": kept.clock.now(), "duration_seconds": 0.0, **settings}
    return kept.keeper.observe(kept.check, outcome_of(Status.FAILED, Reason.TIMEOUT, evidence=evidence, **fields)).asked


def health(kept: Kept) -> Check:
    check = Reaching.model_validate({"name": "health", "act": forever, "every": "60s", "timeout": "5s"})
    kept.keeper.judge(TARGET, [kept.check, check])
    return check


async def test_who_can_tell_causes_apart_is_asked_at_the_first_failure_and_once() -> None:
    async with keeping() as kept:
        health(kept)

        assert asking(kept) == ("health",)
        assert asking(kept) == ()


async def test_nobody_is_told_before_they_have_answered() -> None:
    async with keeping() as kept:
        check = health(kept)
        asking(kept)
        asking(kept)
        await asyncio.sleep(1.5)
        assert kept.waiting() == []

        passed = outcome_of(check="health", started_at=kept.clock.now(), duration_seconds=0.0)
        kept.keeper.observe(check, passed)
        await asyncio.sleep(1.5)

        assert kept.waiting() == [("pager", OPENED), ("chat", OPENED)]


async def test_who_does_not_answer_keeps_nobody_from_being_told_for_long() -> None:
    async with keeping() as kept:
        health(kept)
        asking(kept)
        asking(kept)

        await asyncio.sleep(9.5)

        assert kept.waiting() == [("pager", OPENED), ("chat", OPENED)]


async def test_a_thousand_checks_that_fail_ask_the_same_few() -> None:
    async with keeping() as kept:
        health(kept)
        asked = [asking(kept, check=f"c{number}") for number in range(1000)]

        assert [each for each in asked if each] == [("health",)]
