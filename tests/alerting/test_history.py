import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from monitor.alerting.history import Change, History
from monitor.alerting.records import Batch, Posted, Ran, Records
from monitor.core.outcome import Status
from monitor.core.severity import Severity
from monitor.incidents.book import Case
from tests.outcomes import outcome_of
from tests.sinks.events import OPENED_AT, event, incident
from tests.stores import InstantStore

pytestmark = pytest.mark.asyncio

BEGAN_AT = datetime(2026, 1, 23, 9, 0, tzinfo=UTC)


@pytest_asyncio.fixture
async def store() -> AsyncIterator[InstantStore]:
    store = InstantStore()
    yield store
    store.close()


@pytest.fixture
def history(store: InstantStore) -> History:
    return History(store, target="production", location="fra1")


async def keep(store: InstantStore, batch: Batch, *, location: str = "fra1") -> None:
    await Records(store, target="production", location=location).save(batch)


async def keep_runs(store: InstantStore, statuses: str, *, check: str = "chat", location: str = "fra1") -> None:
    """
    Keep a run a minute, by the first letters of their statuses.
    """
    of = {status.value[0]: status for status in Status}
    runs = []
    for minute, letter in enumerate(statuses):
        outcome = outcome_of(of[letter], check=check, tick=minute, started_at=BEGAN_AT + timedelta(minutes=minute))
        runs.append(Ran(check=check, ended_at=outcome.ended_at, document=outcome.as_json()))
    await keep(store, Batch(runs=runs), location=location)


def case(id_: str, minute: int, *, over: bool = False, **changes: Any) -> Case:
    at = OPENED_AT + timedelta(minutes=minute)
    return Case(incident=incident(id=id_, opened_at=at, resolved_at=at if over else None, **changes))


async def test_what_is_open_comes_gravest_first_and_then_newest_and_what_is_over_newest_first(
    store: InstantStore, history: History
) -> None:
    ticket = case("ticket", 9, severity=Severity.TICKET)
    over = [case(f"over-{minute}", minute, over=True) for minute in range(3)]
    await keep(store, Batch(cases=[case("old", 1), ticket, case("new", 2), *over]))

    overview = await history.overview(most_resolved=2)

    assert [each.incident.id for each in overview.open] == ["new", "old", "ticket"]
    assert [each.incident.id for each in overview.resolved] == ["over-2", "over-1"]


async def test_what_another_location_keeps_in_the_same_file_is_not_ours(store: InstantStore, history: History) -> None:
    theirs = Batch(cases=[case("theirs", 0)], posted=[Posted(number=1, sink="sentry", event=event())])
    await keep(store, theirs, location="syd1")
    await keep_runs(store, "pp", location="syd1")

    overview = await history.overview(most_resolved=9)
    stretch = await history.runs("chat", since=None, only=None, most=9)

    assert (overview.open, overview.waiting, overview.last_run_at) == ([], [], None)
    assert (stretch.documents, await history.checks()) == ([], frozenset())


async def test_a_run_is_found_by_its_id_through_the_index_whatever_else_is_damaged(
    store: InstantStore, history: History
) -> None:
    for location in ("syd1", "fra1"):
        outcome = outcome_of(check=f"from-{location}", run_id="aaaa")
        await keep(
            store,
            Batch(runs=[Ran(check=outcome.check, ended_at=outcome.ended_at, document=outcome.as_json())]),
            location=location,
        )
    await keep_runs(store, "pp")
    store.connection.execute("""UPDATE run SET document = 'damaged' WHERE "check" = 'chat'""")
    asked: list[str] = []
    store.connection.set_trace_callback(asked.append)

    found, nothing = await history.run("aaaa"), await history.run("bbbb")

    store.connection.set_trace_callback(None)
    assert (found and found["check"], nothing) == ("from-fra1", None)
    [how] = store.connection.execute(f"EXPLAIN QUERY PLAN {asked[0]}").fetchall()
    assert "USING INDEX run_id" in how[3]


async def test_what_waits_is_told_in_its_order_and_when_the_last_run_ended(
    store: InstantStore, history: History
) -> None:
    posted = [Posted(number=number, sink="sentry", event=event(event_id=f"e{number}")) for number in (2, 1)]
    await keep(store, Batch(posted=posted))
    await keep_runs(store, "pf")

    overview = await history.overview(most_resolved=0)

    assert [each.event.id for each in overview.waiting] == ["e1", "e2"]
    assert overview.last_run_at == BEGAN_AT + timedelta(seconds=60.25)


async def test_an_open_incident_that_cannot_be_read_is_open_all_the_same(store: InstantStore, history: History) -> None:
    await keep(store, Batch(cases=[case("good", 0), case("bad", 1), case("over", 2, over=True)]))
    store.connection.execute("""UPDATE incident SET document = '{"incident": {}}' WHERE id <> 'good'""")

    overview = await history.overview(most_resolved=9)

    assert [each.incident.id for each in overview.open] == ["good"]
    assert (overview.resolved, overview.open_unreadable, overview.unreadable) == ([], 1, 2)


async def test_the_last_runs_come_oldest_first_and_the_counts_are_of_all(store: InstantStore, history: History) -> None:
    await keep_runs(store, "ppffdpemp")

    stretch = await history.runs("chat", since=None, only=None, most=3)

    assert [document["tick"] for document in stretch.documents] == [6, 7, 8]
    assert stretch.counts == {
        Status.PASSED: 4,
        Status.FAILED: 2,
        Status.DEGRADED: 1,
        Status.ERRORED: 1,
        Status.MISSED: 1,
    }


@pytest.mark.parametrize(
    ("since_minute", "only", "ticks", "runs"),
    [
        pytest.param(None, Status.FAILED, [0, 3, 4], 6, id="failed"),
        pytest.param(3, None, [3, 4, 5], 3, id="since"),
        pytest.param(3, Status.FAILED, [3, 4], 3, id="failed-since"),
        pytest.param(6, None, [], 0, id="nothing-since"),
    ],
)
async def test_runs_are_chosen_by_status_and_time(
    store: InstantStore,
    history: History,
    since_minute: int | None,
    only: Status | None,
    ticks: list[int],
    runs: int,
) -> None:
    await keep_runs(store, "fppffp")
    since = None if since_minute is None else BEGAN_AT + timedelta(minutes=since_minute)

    stretch = await history.runs("chat", since=since, only=only, most=9)

    assert [document["tick"] for document in stretch.documents] == ticks
    assert sum(stretch.counts.values()) == runs


@pytest.mark.parametrize(
    ("statuses", "minute", "change"),
    [
        pytest.param("pppp", None, None, id="none"),
        pytest.param("pffp", 3, (Status.FAILED, Status.PASSED), id="the-last-one"),
        pytest.param("pfff", 1, (Status.PASSED, Status.FAILED), id="long-ago"),
        pytest.param("pemp", None, None, id="what-is-no-verdict-changes-none"),
        pytest.param("peef", 3, (Status.PASSED, Status.FAILED), id="over-what-is-no-verdict"),
    ],
)
async def test_a_change_is_one_of_the_verdict(
    store: InstantStore, history: History, statuses: str, minute: int | None, change: tuple[Status, Status] | None
) -> None:
    await keep_runs(store, statuses)

    stretch = await history.runs("chat", since=None, only=None, most=1)

    at = BEGAN_AT + timedelta(minutes=minute or 0, seconds=0.25)
    assert stretch.changed == (change and Change(at=at, before=change[0], after=change[1]))


@pytest.mark.parametrize("document", ["no json", "[]", "{}", json.dumps({"status": "well"})])
async def test_a_run_that_cannot_be_read_is_counted_and_hides_no_other(
    store: InstantStore, history: History, document: str
) -> None:
    await keep_runs(store, "pp")
    store.connection.execute("UPDATE run SET document = ? WHERE rowid = 1", (document,))

    stretch = await history.runs("chat", since=None, only=None, most=9)

    assert ([each["tick"] for each in stretch.documents], stretch.unreadable) == ([1], 1)


async def test_names_are_those_of_which_a_run_is_kept(store: InstantStore, history: History) -> None:
    await keep_runs(store, "pp", check="chat")
    await keep_runs(store, "f", check="gone")

    assert await history.checks() == {"chat", "gone"}
