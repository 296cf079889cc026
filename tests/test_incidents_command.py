import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.alerting.records import Batch, Posted, Ran
from monitor.core.outcome import Outcome
from monitor.core.severity import Severity
from monitor.incidents.book import Case, Told
from monitor.incidents.incident import Event, Fault, Incident, Transition
from tests.commands import SECRET, Folder
from tests.outcomes import outcome_of
from tests.sinks.events import finding, incident

pytestmark = pytest.mark.slow

MINUTE = timedelta(minutes=1)
PAGERDUTY = "{pagerduty: {routing_key: R0123456789abcdef0123456789abcde}}"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


def case(now: datetime, *, told: dict[str, timedelta] | None = None, **changes: Any) -> Case:
    """
    Return an incident that has been open for an hour, and when sinks were told of it.
    """
    began = {"failing_since": now - 60 * MINUTE, "opened_at": now - 59 * MINUTE}
    of = {
        sink: Told(at=now - ago, wanted_at=now, severity=Severity.PAGE, gist="") for sink, ago in (told or {}).items()
    }
    return Case(incident=incident(**{**began, **changes}), told=of)


def posted(of: Incident, transition: Transition, at: datetime, *, sink: str = "pagerduty", number: int = 1) -> Posted:
    event = Event(id=f"{of.id}-{number}", transition=transition, at=at, incident=of)
    return Posted(number=number, sink=sink, event=event)


def ran(ended_at: datetime) -> Ran:
    outcome: Outcome = replace(outcome_of(), started_at=ended_at)
    return Ran(check=outcome.check, ended_at=ended_at, document=outcome.as_json())


def test_an_incident_is_told_with_all_that_somebody_woken_by_it_needs(folder: Folder, now: datetime) -> None:
    folder.configure(sinks=PAGERDUTY)
    open_ = case(now, told={"pagerduty": 59 * MINUTE, "slack": 5 * MINUTE}, findings=(finding(is_flapping=True),))
    folder.keep(Batch(cases=[open_], runs=[ran(now)]))

    end = folder.run("incidents")

    since = f"{now - 60 * MINUTE:%Y-%m-%d %H:%M:%S} UTC"
    lines = end.out.splitlines()
    assert end.code == 1
    assert lines[0] == f"✗ page    realtime_pipeline  open 1h, since {since}"
    assert "  checks    chat-delivery (flapping)" in lines
    assert "  what      chat messages are stored, but no event reaches anybody" in lines
    assert "  to do     1. restart the realtime container: docker compose restart" in lines
    assert "            appwrite-realtime" in lines
    assert "  told      pagerduty 59m ago, slack 5m ago" in lines
    assert lines[-2] == "production from fra1: 1 incident is open"
    assert lines[-1].startswith("the last run ended ")
    assert "waiting" not in end.out
    assert "silenced" not in end.out
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("transition", "means"),
    [
        pytest.param(Transition.OPENED, "nobody there knows of it yet", id="opened"),
        pytest.param(Transition.CHANGED, "what changed is not known there", id="changed"),
    ],
)
def test_what_waits_is_told_with_what_it_keeps_from_whom(
    folder: Folder, now: datetime, transition: Transition, means: str
) -> None:
    open_ = case(now, told={"pagerduty": 7 * MINUTE})
    waiting = posted(open_.incident, transition, now - 7 * MINUTE)
    folder.keep(Batch(cases=[open_], posted=[waiting]))

    out = " ".join(folder.run("incidents").out.split())

    knows = transition is not Transition.OPENED
    assert f"waiting pagerduty: {transition} for 7m: {means}" in out
    assert ("told pagerduty 7m ago" if knows else "told nobody yet") in out
    assert "1 event waits for pagerduty, the oldest for 7m" in out


def test_an_end_that_waits_is_told_of_what_is_over_since_it_is_still_open_there(folder: Folder, now: datetime) -> None:
    over = case(now, resolved_at=now - 20 * MINUTE)
    folder.keep(Batch(cases=[over], posted=[posted(over.incident, Transition.RESOLVED, now - 20 * MINUTE)]))

    default, all_ = folder.run("incidents"), folder.run("incidents", "--all")

    at = f"{now - 20 * MINUTE:%Y-%m-%d %H:%M:%S} UTC"
    assert (default.code, all_.code) == (0, 0)
    assert default.out.startswith("1 event waits for pagerduty, the oldest for 20m\n")
    assert all_.out.startswith(f"✓ page    realtime_pipeline  over after 40m, at {at}\n")
    assert "  waiting   pagerduty: resolved for 20m: it is still open there\n" in all_.out


@pytest.mark.parametrize(
    ("sinks", "more", "says"),
    [
        pytest.param("{}", "", "nobody: no sink is configured that gets severity page", id="no-sink"),
        pytest.param(
            "{slack: {url: http://127.0.0.1:1/x, severities: [info]}}",
            "",
            "nobody: no sink is configured that gets severity page",
            id="none-for-pages",
        ),
        pytest.param(PAGERDUTY, "", "nobody yet: see whether the daemon runs", id="yet"),
        pytest.param(
            PAGERDUTY,
            "alerts: {maintenance: {always: {at: '00:00', for: 7d}}}",
            "nobody: it is silenced",
            id="maintenance",
        ),
    ],
)
def test_that_nobody_was_told_is_told_with_its_reason(
    folder: Folder, now: datetime, sinks: str, more: str, says: str
) -> None:
    folder.configure(sinks=sinks, more=more)
    folder.keep(Batch(cases=[case(now)]))

    end = folder.run("incidents")

    assert f"  told      {says}\n" in end.out


def test_a_silence_is_told_with_its_end(folder: Folder, now: datetime) -> None:
    folder.keep(Batch(cases=[case(now)]))
    folder.run("silence", "chat-delivery", "--for", "3h", "--reason", "upgrade")

    end, document = folder.run("incidents"), folder.json("incidents")

    [told] = document["incidents"]
    left = datetime.fromisoformat(told["silenced_until"]) - now
    assert timedelta(hours=3) <= left < timedelta(hours=3, minutes=1)
    assert f"silenced  until {now + left:%Y-%m-%d %H:%M:%S} UTC, for 3h more\n" in end.out
    assert end.code == 1


def test_trouble_of_the_monitors_own_is_named_as_such(folder: Folder, now: datetime) -> None:
    folder.keep(Batch(cases=[case(now, severity=Severity.TICKET, findings=(finding(fault=Fault.OWN),))]))

    assert "  checks    chat-delivery (the monitor's own trouble)\n" in folder.run("incidents").out


def test_when_nothing_ran_for_long_the_daemon_is_doubted(folder: Folder, now: datetime) -> None:
    folder.keep(Batch(runs=[ran(now - 3 * MINUTE)]))
    config = folder.path / "monitor.yaml"

    fresh = folder.run("incidents").out
    config.write_text(config.read_text().replace("/}", "/, every: 20s, timeout: 5s}"))
    old = folder.run("incidents").out

    assert fresh.startswith("production from fra1: no incident is open\nthe last run ended 3m ago, ")
    assert fresh.endswith(" UTC\n")
    assert old.endswith(" UTC: see whether the daemon runs\n")


def test_the_limit_shows_the_open_ones_first_and_says_what_it_hides(folder: Folder, now: datetime) -> None:
    cases = [case(now, id=f"open-{number}") for number in range(3)]
    folder.keep(Batch(cases=[*cases, case(now, id="over", resolved_at=now)]))

    few, all_ = folder.run("incidents", "--limit", "2"), folder.json("incidents", "--all", "--limit", "4")

    assert "… and 1 more: see --limit\n" in few.out
    assert "3 incidents are open" in few.out
    assert [each["id"] for each in all_["incidents"]] == ["open-0", "open-1", "open-2", "over"]


def test_the_document_is_what_programs_rely_on(folder: Folder, now: datetime) -> None:
    open_ = case(now, told={"slack": MINUTE, "pagerduty": 59 * MINUTE})
    waiting = posted(open_.incident, Transition.OPENED, now - MINUTE)
    folder.keep(Batch(cases=[open_], posted=[waiting], runs=[ran(now)]))

    document = folder.json("incidents")

    def stamp(at: datetime) -> str:
        return at.isoformat(timespec="milliseconds")

    version, at = document.pop("monitor"), document.pop("at")
    assert version
    assert at.endswith("+00:00")
    assert document == {
        "exit_code": 1,
        "target": "production",
        "location": "fra1",
        "last_run_at": stamp(now),
        "open": 1,
        "incidents": [
            {
                **open_.incident.as_json(),
                "silenced_until": None,
                "told": {"slack": stamp(now - MINUTE)},
                "waiting": [{"sink": "pagerduty", "event": "opened", "at": stamp(now - MINUTE)}],
            }
        ],
        "outbox": {"pagerduty": {"events": 1, "oldest_at": stamp(now - MINUTE)}},
    }


def test_no_store_yet_is_one_sentence_and_makes_none(folder: Folder) -> None:
    end = folder.run("incidents")

    assert (end.code, end.out) == (0, "")
    assert end.err == (f"nothing is known: no daemon has kept anything at {folder.store} yet: see store.path\n")
    assert not folder.store.exists()


def test_a_damaged_store_is_no_clean_bill(folder: Folder, now: datetime) -> None:
    folder.store.write_bytes(b"\0no database" * 1000)

    end = folder.run("incidents")

    assert (end.code, end.out) == (2, "")
    assert f"store.path: {folder.store} was damaged, and is now {folder.store}.damaged-" in end.err


def test_what_cannot_be_read_is_open_and_said_to_be_unreadable(folder: Folder, now: datetime) -> None:
    folder.keep(Batch(cases=[case(now)]))
    with closing(sqlite3.connect(folder.store)) as database, database:
        database.execute("UPDATE incident SET document = '{}'")

    end = folder.run("incidents")

    assert end.code == 1
    assert "1 incident is open" in end.out
    assert end.err.startswith("1 row cannot be read: ")


def test_secrets_and_what_steers_a_terminal_are_taken_out(folder: Folder, now: datetime) -> None:
    folder.keep(Batch(cases=[case(now, summary=f"\x1b[31mkey {SECRET}", remedy=f"password: {'x' * 60}{SECRET}")]))

    text, document = folder.run("incidents"), folder.json("incidents")

    assert "  what      ?[31mkey [redacted]\n" in text.out
    assert document["incidents"][0]["summary"] == "?[31mkey [redacted]"
