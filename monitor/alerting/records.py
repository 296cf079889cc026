"""
What survives the process, as rows of the store: streaks, incidents, the outbox, and the history of runs.

Rows belong to one target and one location: daemons for other targets may share the file.
"""

import json
import sqlite3
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import structlog

from monitor.incidents.book import Case
from monitor.incidents.incident import Event
from monitor.incidents.streak import Streak
from monitor.store import Store

log = structlog.get_logger()

T = TypeVar("T")

# Whatever the age of what is kept: about 300 MiB of runs, and more incidents than anybody will read.
MOST_RUNS = 1_000_000
MOST_INCIDENTS = 10_000
# In one transaction, so that it holds nobody up.
_DELETED_AT_ONCE = 5_000
_OURS = "(target, location) = (:target, :location)"
# Put together of constants.
_RUNS = f"SELECT COUNT(*) FROM run WHERE {_OURS}"  # noqa: S608
_DELETE_OLDEST_RUNS = f"""
DELETE FROM run WHERE rowid IN (SELECT rowid FROM run WHERE {_OURS} ORDER BY ended_at LIMIT :most)
"""  # noqa: S608
_DELETE_OLD_RUNS = f"""
DELETE FROM run WHERE rowid IN (
  SELECT rowid FROM run WHERE {_OURS} AND ended_at < :before ORDER BY ended_at LIMIT :most
)
"""  # noqa: S608
_DELETE_OLD_INCIDENTS = f"DELETE FROM incident WHERE {_OURS} AND resolved_at < :before"  # noqa: S608
_DELETE_OLDEST_INCIDENTS = f"""
DELETE FROM incident WHERE {_OURS} AND id IN (
  SELECT id FROM incident WHERE {_OURS} AND resolved_at IS NOT NULL ORDER BY resolved_at DESC LIMIT -1 OFFSET :kept
)
"""  # noqa: S608
_COUNTS = """
SELECT
  (SELECT COUNT(*) FROM incident WHERE (target, location) = (:target, :location) AND resolved_at IS NULL),
  (SELECT COUNT(*) FROM outbox WHERE (target, location) = (:target, :location))
"""
_BAD_ROW = (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """
    A row of the outbox: what *sink* has not acknowledged yet. Lower *numbers* come first.
    """

    number: int
    sink: str
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """
    A run for the history: *document* is its outcome as JSON, redacted.
    """

    check: str
    ended_at: datetime
    document: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Batch:
    """
    What is to be written at one time, in one transaction: a change of state, and the events that it made.
    """

    runs: Sequence[Ran] = ()
    streaks: Mapping[tuple[str, str], Streak] = field(default_factory=dict)
    forgotten: Iterable[str] = ()
    cases: Sequence[Case] = ()
    posted: Sequence[Posted] = ()
    acknowledged: Sequence[int] = ()
    # How many there are to be after that: fewer, and the file is not the one that was written before.
    open_cases: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """
    What a process before this one knew.
    """

    streaks: Mapping[tuple[str, str], Streak]
    cases: Sequence[Case]
    posted: Sequence[Posted]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCanary:
    """
    A canary page: when it was sent, and the event that opened it unless it has been resolved.
    """

    sent_at: datetime
    open: Event | None = None


class Records:
    """
    The rows of *target* as seen from *location*. Everything here raises ``StoreError`` when the store cannot be used.
    """

    def __init__(self, store: Store, *, target: str, location: str) -> None:
        self._store = store
        self._place = (target, location)

    async def load(self) -> Kept:
        """
        Return what is kept; a row that cannot be read is told, and left out.
        """

        def read(database: sqlite3.Connection) -> Kept:
            def rows(query: str) -> list[tuple[Any, ...]]:
                return database.execute(query, self._place).fetchall()

            streaks = rows('SELECT "check", place, document FROM streak WHERE (target, location) = (?, ?)')
            cases = rows(
                "SELECT document FROM incident WHERE (target, location) = (?, ?) AND resolved_at IS NULL"
                " ORDER BY opened_at"
            )
            posted = rows("SELECT number, sink, document FROM outbox WHERE (target, location) = (?, ?) ORDER BY number")
            return Kept(
                streaks=dict(readable(streaks, lambda row: ((row[0], row[1]), Streak.from_json(json.loads(row[2]))))),
                cases=readable(cases, lambda row: Case.from_json(json.loads(row[0]))),
                posted=readable(
                    posted,
                    lambda row: Posted(number=row[0], sink=row[1], event=Event.from_json(json.loads(row[2]))),
                ),
            )

        return await self._store.read(read)

    def save(self, batch: Batch) -> Coroutine[Any, Any, bool]:
        """
        Write *batch*, as it is now; all of it survives the process when that has ended, or nothing is written.

        Returns whether the file has all that was written before as well: another may have taken its place.
        """
        # Now, and not when it is first awaited: what changes until then would be written without its event.
        place = self._place
        runs = [(*place, each.check, each.ended_at.timestamp(), _text(each.document)) for each in batch.runs]
        streaks = [(*place, *key, _text(streak.as_json())) for key, streak in batch.streaks.items()]
        cases = [
            (
                *place,
                each.incident.id,
                _seconds(each.incident.opened_at),
                _seconds(each.incident.resolved_at),
                _text(each.as_json()),
            )
            for each in batch.cases
        ]
        posted = [(*place, each.number, each.sink, _text(each.event.as_json())) for each in batch.posted]
        acknowledged = [(*place, number) for number in batch.acknowledged]
        forgotten = [(*place, check) for check in batch.forgotten]

        def write(database: sqlite3.Connection) -> bool:
            database.executemany('DELETE FROM streak WHERE (target, location, "check") = (?, ?, ?)', forgotten)
            database.executemany("INSERT INTO run VALUES (?, ?, ?, ?, ?)", runs)
            database.executemany("INSERT OR REPLACE INTO streak VALUES (?, ?, ?, ?, ?)", streaks)
            database.executemany("INSERT OR REPLACE INTO incident VALUES (?, ?, ?, ?, ?, ?)", cases)
            database.executemany("INSERT OR REPLACE INTO outbox VALUES (?, ?, ?, ?, ?)", posted)
            database.executemany("DELETE FROM outbox WHERE (target, location, number) = (?, ?, ?)", acknowledged)
            [(cases_kept, waiting_kept)] = database.execute(_COUNTS, {"target": place[0], "location": place[1]})
            return bool(cases_kept >= batch.open_cases and waiting_kept >= batch.waiting)

        return self._store.write(write)

    async def retire(self, *, before: datetime) -> bool:
        """
        Delete a part of what ended *before*, and of what is too much; return whether there is more to delete.
        """
        target, location = self._place
        values = {"target": target, "location": location, "before": before.timestamp()}

        def delete(database: sqlite3.Connection) -> bool:
            [(runs,)] = database.execute(_RUNS, values).fetchall()
            old = database.execute(_DELETE_OLD_RUNS, values | {"most": _DELETED_AT_ONCE}).rowcount
            too_many = min(max(0, runs - old - MOST_RUNS), _DELETED_AT_ONCE)
            surplus = database.execute(_DELETE_OLDEST_RUNS, values | {"most": too_many}).rowcount
            database.execute(_DELETE_OLD_INCIDENTS, values)
            database.execute(_DELETE_OLDEST_INCIDENTS, values | {"kept": MOST_INCIDENTS})
            database.execute("DELETE FROM silence WHERE target = :target AND until < :before", values)
            database.execute("PRAGMA incremental_vacuum(1000)").fetchall()
            return _DELETED_AT_ONCE in {old, surplus}

        return await self._store.write(delete)

    async def elsewhere(self) -> Sequence[tuple[str, str, int]]:
        """
        Return target, location and number of the incidents that others have open in the same store.
        """
        query = """
        SELECT target, location, COUNT(*) FROM incident
        WHERE (target, location) <> (?, ?) AND resolved_at IS NULL GROUP BY target, location
        """
        return await self._store.read(lambda database: database.execute(query, self._place).fetchall())

    async def canaries(self) -> Mapping[str, SentCanary]:
        """
        Return the last canary page that was sent through each sink.
        """
        query = "SELECT sink, sent_at, document FROM canary WHERE (target, location) = (?, ?)"
        rows = await self._store.read(lambda database: database.execute(query, self._place).fetchall())
        return dict(
            readable(
                rows,
                lambda row: (
                    row[0],
                    SentCanary(
                        sent_at=datetime.fromtimestamp(row[1], UTC),
                        open=Event.from_json(json.loads(row[2])) if row[2] else None,
                    ),
                ),
            )
        )

    async def note_canary(self, sink: str, canary: SentCanary) -> None:
        """
        Keep what was sent through *sink*, instead of what was before.
        """
        document = _text(canary.open.as_json()) if canary.open else ""
        row = (*self._place, sink, canary.sent_at.timestamp(), document)
        query = "INSERT OR REPLACE INTO canary VALUES (?, ?, ?, ?, ?)"
        await self._store.write(lambda database: database.execute(query, row))


def readable(
    rows: Iterable[tuple[Any, ...]], read: Callable[[tuple[Any, ...]], T], *, told: set[str] | None = None
) -> list[T]:
    """
    Return what *read* makes of *rows*; one that it cannot make anything of is told, and left out.

    Those in *told* have been told before; the others are added.
    """
    told = set() if told is None else told
    found: list[T] = []
    for row in rows:
        try:
            found.append(read(row))
        except _BAD_ROW as error:
            # A newer version may have written it, or a damaged disk.
            shown = repr(row)[:200]
            if shown not in told:
                told.add(shown)
                log.error("record.unreadable", row=shown, error=f"{type(error).__name__}: {error}")
    return found


def _seconds(at: datetime | None) -> float | None:
    return at.timestamp() if at else None


def _text(document: Mapping[str, Any]) -> str:
    # In ASCII, since a target may send half a character, which the file cannot hold.
    return json.dumps(document, separators=(",", ":"))
