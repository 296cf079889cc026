"""
What is kept of runs and incidents, for whoever wants to read it, also while no daemon runs.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from monitor.alerting.records import Posted
from monitor.core.outcome import Status
from monitor.incidents.book import Case
from monitor.incidents.incident import Event
from monitor.store import RUN_ID, Store

T = TypeVar("T")

_OF_PLACE = "(target, location) = (?, ?)"
_BAD_ROW = (ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """
    The incidents at one time, and what sinks have not acknowledged (*waiting*).

    *open* are the gravest first, of one severity the newest; *resolved* the newest first. *last_run_at* is when the
    last run ended, None when none is kept. *open_unreadable* are open too, and nobody can say what they are;
    *unreadable* are all rows of which that is true.
    """

    open: Sequence[Case]
    resolved: Sequence[Case]
    waiting: Sequence[Posted]
    last_run_at: datetime | None
    open_unreadable: int
    unreadable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    When the verdict on a check was last another than the one before.
    """

    at: datetime
    before: Status
    after: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """
    Runs of one check, oldest first: *documents* of those asked for; *counts*, *first_at* and *changed* of all.
    """

    documents: Sequence[Mapping[str, Any]] = ()
    counts: Mapping[Status, int] = field(default_factory=dict)
    first_at: datetime | None = None
    changed: Change | None = None
    unreadable: int = 0


class History:
    """
    The rows of *target* as seen from *location*. Everything here raises ``StoreError`` when the store cannot be read.
    """

    def __init__(self, store: Store, *, target: str, location: str) -> None:
        self._store = store
        self._place = (target, location)

    async def overview(self, *, most_resolved: int) -> Overview:
        """
        Return the incidents that are open, of the resolved ones so many, and what waits: all of one moment.
        """

        def read(database: sqlite3.Connection) -> Overview:
            def rows(query: str, *values: object) -> list[tuple[Any, ...]]:
                return database.execute(query, (*self._place, *values)).fetchall()

            incidents = f"SELECT document FROM incident WHERE {_OF_PLACE}"  # noqa: S608 - a constant
            open_, open_bad = _readable(rows(f"{incidents} AND resolved_at IS NULL"), _case)
            resolved, resolved_bad = _readable(
                rows(f"{incidents} AND resolved_at IS NOT NULL ORDER BY resolved_at DESC, id LIMIT ?", most_resolved),
                _case,
            )
            outbox = f"SELECT number, sink, document FROM outbox WHERE {_OF_PLACE} ORDER BY number"  # noqa: S608
            waiting, waiting_bad = _readable(rows(outbox), _posted)
            # The plus keeps SQLite from an index of the target that it would have to sort: a second for a million runs.
            place = "+target = ? AND location = ?"
            last = rows(f"SELECT ended_at FROM run WHERE {place} ORDER BY ended_at DESC LIMIT 1")  # noqa: S608
            return Overview(
                open=sorted(open_, key=_urgency),
                resolved=resolved,
                waiting=waiting,
                last_run_at=_moment(last[0][0]) if last else None,
                open_unreadable=open_bad,
                unreadable=open_bad + resolved_bad + waiting_bad,
            )

        return await self._store.read(read)

    async def runs(self, check: str, *, since: datetime | None, only: Status | None, most: int) -> Stretch:
        """
        Return the last runs of *check* that ended *since* then (None: as far as is kept) with a status (None: any).
        """
        all_ = 'target = ? AND "check" = ? AND location = ? AND ended_at >= ?'
        target, location = self._place
        values = (target, check, location, since.timestamp() if since else 0.0)
        status = "CASE WHEN json_valid(document) THEN json_extract(document, '$.status') END"
        newest = f"SELECT document FROM run WHERE {all_} AND (? IS NULL OR {status} = ?)"  # noqa: S608 - constants

        def read(database: sqlite3.Connection) -> Stretch:
            verdicts = database.execute(
                f"SELECT ended_at, {status} FROM run WHERE {all_} ORDER BY ended_at, rowid",  # noqa: S608 - constants
                values,
            )
            summed = _summed(verdicts)
            rows = database.execute(
                f"{newest} ORDER BY ended_at DESC, rowid DESC LIMIT ?", (*values, only, only, most)
            ).fetchall()
            documents, bad = _readable(reversed(rows), _document)
            return Stretch(
                documents=documents,
                counts=summed.counts,
                first_at=summed.first_at,
                changed=summed.changed,
                unreadable=max(bad, summed.unreadable),
            )

        return await self._store.read(read)

    async def recent(self, checks: Iterable[str], *, most: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """
        Return for each of *checks* the documents of at *most* so many last runs, the oldest first.
        """
        target, location = self._place
        query = 'SELECT document FROM run WHERE target = ? AND "check" = ? AND location = ?'
        newest = f"{query} ORDER BY ended_at DESC, rowid DESC LIMIT ?"
        names = tuple(checks)

        def read(database: sqlite3.Connection) -> Mapping[str, Sequence[Mapping[str, Any]]]:
            found = {}
            for check in names:
                rows = database.execute(newest, (target, check, location, most)).fetchall()
                found[check], _ = _readable(reversed(rows), _document)
            return found

        return await self._store.read(read)

    async def run(self, id_: str) -> Mapping[str, Any] | None:
        """
        Return the document of the run *id_*; None when none is kept that can be read.
        """
        query = f"SELECT document FROM run WHERE {RUN_ID} = ? AND {_OF_PLACE} LIMIT 1"  # noqa: S608 - constants
        rows = await self._store.read(lambda database: database.execute(query, (id_, *self._place)).fetchall())
        found, _ = _readable(rows, _document)
        return found[0] if found else None

    async def incident(self, id_: str) -> Case | None:
        """
        Return the incident *id_*, open or not; None when there is none that can be read.
        """
        query = f"SELECT document FROM incident WHERE {_OF_PLACE} AND id = ?"  # noqa: S608 - a constant
        rows = await self._store.read(lambda database: database.execute(query, (*self._place, id_)).fetchall())
        found, _ = _readable(rows, _case)
        return found[0] if found else None

    async def checks(self) -> frozenset[str]:
        """
        Return the names of all checks of which a run is kept.
        """
        query = f'SELECT DISTINCT "check" FROM run WHERE {_OF_PLACE}'  # noqa: S608 - a constant
        return await self._store.read(
            lambda database: frozenset(name for (name,) in database.execute(query, self._place))
        )


def _summed(verdicts: Iterable[tuple[float, str | None]]) -> Stretch:
    """
    Return what *verdicts*, pairs of end and status, amount to, oldest first.
    """
    counts: Counter[Status] = Counter()
    first: float | None = None
    before: Status | None = None
    changed: Change | None = None
    unreadable = 0
    for ended_at, text in verdicts:
        try:
            status = Status(text or "")
        except ValueError:
            unreadable += 1
            continue
        first = ended_at if first is None else first
        counts[status] += 1
        if not status.is_verdict:
            continue
        if before is not None and status is not before:
            changed = Change(at=_moment(ended_at), before=before, after=status)
        before = status
    return Stretch(
        counts=counts,
        first_at=None if first is None else _moment(first),
        changed=changed,
        unreadable=unreadable,
    )


def _readable(rows: Iterable[tuple[Any, ...]], read: Callable[[tuple[Any, ...]], T]) -> tuple[list[T], int]:
    """
    Return what *read* makes of *rows*, and how many it could not read: written by a newer version, or damaged.
    """
    found: list[T] = []
    bad = 0
    for row in rows:
        try:
            found.append(read(row))
        except _BAD_ROW:
            bad += 1
    return found, bad


def _case(row: tuple[Any, ...]) -> Case:
    return Case.from_json(json.loads(row[0]))


def _posted(row: tuple[Any, ...]) -> Posted:
    return Posted(number=row[0], sink=row[1], event=Event.from_json(json.loads(row[2])))


def _document(row: tuple[Any, ...]) -> Mapping[str, Any]:
    document = json.loads(row[0])
    Status(document["status"])
    datetime.fromisoformat(document["started_at"])
    return dict(document)


def _urgency(case: Case) -> tuple[int, float, str]:
    return -case.incident.severity.rank, -case.incident.opened_at.timestamp(), case.incident.id


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
