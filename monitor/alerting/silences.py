"""
The silences of a target, as rows of the store: a command gives and lifts them, the daemon heeds them.
"""

import json
import secrets
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog

from monitor.alerting.records import readable
from monitor.incidents.silence import Silence
from monitor.store import Store, StoreError

log = structlog.get_logger()

# So many at a time are no silences any more, but alerts that nobody wants.
MOST_SILENCES = 1_000


class Silences:
    """
    The silences of *target*; ``known`` are those that had not ended when somebody last looked.
    """

    def __init__(self, store: Store, *, target: str) -> None:
        self._store = store
        self._target = target
        self.known: Sequence[Silence] = ()
        # Rows that were told of: they are read again and again.
        self._unreadable: set[str] = set()

    async def look(self, now: datetime) -> None:
        """
        See which silences have not ended *now*; while the store cannot be read, it is those of before.
        """
        try:
            found = await self.all(after=now)
            lost = [each for each in self.known if each.until > now and each.id not in await self._ids()]
            for each in lost:
                # Another file took the place of the one that had it.
                await self._store.write(partial(_insert, self._target, each))
            self.known = [*found, *lost]
        except (StoreError, sqlite3.Error):
            # It says so itself.
            return

    async def all(self, *, after: datetime | None = None) -> Sequence[Silence]:
        """
        Return every silence that is kept (that ends *after*), the newest last.

        Raises ``StoreError`` when the store cannot be read.
        """
        query = 'SELECT id, checks, since, until, reason, "by" FROM silence WHERE target = ? AND until > ?'
        values = (self._target, after.timestamp() if after else 0.0)
        rows = await self._store.read(
            lambda database: database.execute(f"{query} ORDER BY since, id", values).fetchall()
        )
        return readable(rows, _silence, told=self._unreadable)

    async def give(self, checks: Sequence[str], *, since: datetime, until: datetime, reason: str, by: str) -> Silence:
        """
        Keep a new silence and return it; raise ``StoreError`` when it could not be kept.
        """
        silence = Silence(id=secrets.token_hex(4), checks=tuple(checks), since=since, until=until, reason=reason, by=by)

        def write(database: sqlite3.Connection) -> None:
            # Those that have ended are only kept to be looked up.
            query = "SELECT COUNT(*) FROM silence WHERE target = ? AND until > ?"
            [(count,)] = database.execute(query, (self._target, since.timestamp()))
            if count >= MOST_SILENCES:
                raise StoreError(f"there are {count} silences already: lift some with `monitor silence --lift`")
            _insert(self._target, silence, database)

        await self._store.write(write)
        return silence

    async def _ids(self) -> frozenset[str]:
        query = "SELECT id FROM silence WHERE target = ?"
        rows = await self._store.read(lambda database: database.execute(query, (self._target,)).fetchall())
        return frozenset(id_ for (id_,) in rows)

    async def lift(self, id_: str, *, now: datetime) -> bool:
        """
        End the silence *id_* now; return whether there was one that had not ended.
        """
        query = "UPDATE silence SET until = ? WHERE (target, id) = (?, ?) AND until > ?"
        row = (now.timestamp(), self._target, id_, now.timestamp())
        return await self._store.write(lambda database: database.execute(query, row).rowcount > 0)


def _insert(target: str, silence: Silence, database: sqlite3.Connection) -> None:
    since, until = silence.since.timestamp(), silence.until.timestamp()
    row = (target, silence.id, json.dumps(silence.checks), since, until, silence.reason, silence.by)
    database.execute("INSERT OR REPLACE INTO silence VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def _silence(row: tuple[Any, ...]) -> Silence:
    id_, checks, since, until, reason, by = row
    return Silence(
        id=id_,
        checks=tuple(json.loads(checks)),
        since=datetime.fromtimestamp(since, UTC),
        until=datetime.fromtimestamp(until, UTC),
        reason=reason,
        by=by,
    )
