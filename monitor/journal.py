"""
The journal of leftovers, as rows of the store: what was intended, by whom, and since when.

A row belongs to the process whose run is under way; when the run has ended, or its process, it is nobody's, and
whoever watches that target sees to it. So what a run works with is never taken from under it, whatever the clocks say.
"""

import sqlite3
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog

from monitor.core.leftover import Leftover, What
from monitor.core.target import Target
from monitor.lease import Lease, Life
from monitor.store import Store, StoreError

log = structlog.get_logger()

# What the file does not know of while it cannot be written. Of what is beyond, the next process looks for what is over
# in vain, and this one goes on to look for what is left.
_MOST_UNWRITTEN = 20_000
_HOUR_SECONDS = 3600.0
# Runs come on a grid, and a little early after a little late one.
_SLACK_SECONDS = 1.0
_NOBODY = ""
_KEY = 'endpoint, project, database, what, collection, id, "by"'
_COLUMNS = f'{_KEY}, "check", run_id, intended_at, due_at'
# Put together of constants.
_INSERT = f"INSERT OR REPLACE INTO leftover ({_COLUMNS}, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_RELEASE = f"UPDATE leftover SET owner = '' WHERE owner = ? AND due_at <= ? RETURNING {_COLUMNS}"  # noqa: S608
_RELEASE_ONE = f"UPDATE leftover SET owner = '' WHERE ({_KEY}) = (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_DELETE = f"DELETE FROM leftover WHERE ({_KEY}) = (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_ENDED = f"SELECT {_COLUMNS} FROM leftover WHERE owner = '' AND (endpoint, project) = (?, ?)"  # noqa: S608
_ELSEWHERE = """
SELECT endpoint, project, COUNT(*) FROM leftover WHERE owner = '' AND (endpoint, project) <> (?, ?)
GROUP BY endpoint, project ORDER BY endpoint, project
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intention:
    """
    That a run of *check* was about to make *leftover*.

    *intended_at* is when, and *due_at* when its run has surely ended, both in seconds since 1970.
    """

    leftover: Leftover
    endpoint: str
    project: str
    check: str
    run_id: str
    intended_at: float
    due_at: float

    @property
    def key(self) -> tuple[str, ...]:
        """
        What tells it from all others.
        """
        left = self.leftover
        return (self.endpoint, self.project, left.database, left.what.value, left.collection, left.id, left.by)

    def is_of(self, target: Target) -> bool:
        """
        Return whether it is in the project of *target*.
        """
        return (self.endpoint, self.project) == (target.endpoint, target.project)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """
    How many leftovers the journal has of another project.
    """

    endpoint: str
    project: str
    count: int


class Journal:
    """
    The rows of *store*, of which those belong to this process whose owner is that of *lease*.

    Everything here raises ``StoreError`` when the store cannot be used.
    """

    def __init__(self, store: Store, lease: Lease) -> None:
        self._store = store
        self._lease = lease
        self._unreadable: set[tuple[object, ...]] = set()
        # Keys of what is over, and of what is left, that the file does not know of yet.
        self._over: deque[tuple[str, ...]] = deque(maxlen=_MOST_UNWRITTEN)
        self._left: deque[tuple[str, ...]] = deque(maxlen=_MOST_UNWRITTEN)

    @property
    def trouble(self) -> str:
        """
        Why what is written does not survive the process; empty when it does.
        """
        return self._store.trouble

    async def add(self, intentions: Sequence[Intention]) -> None:
        """
        Write *intentions* down, whose run is under way in this process; it survives the process when this returns.
        """
        owner = self._lease.owner
        rows = [(*each.key, each.check, each.run_id, each.intended_at, each.due_at, owner) for each in intentions]
        await self._write(rows)

    def settle(self, *, over: Iterable[Intention], left: Iterable[Intention] = ()) -> None:
        """
        Forget what is *over*; what is *left* after the end of its run is nobody's from here on.

        The file learns of it with the next ``add`` or ``flush``: one commit a run, and not two. If the process is
        killed before, the next one looks in vain for what is over.
        """
        self._over.extend(each.key for each in over)
        self._left.extend(each.key for each in left)

    async def flush(self) -> None:
        """
        Let the file know of all that was settled.
        """
        if self._over or self._left:
            await self._write([])

    async def _write(self, rows: Sequence[tuple[object, ...]]) -> None:
        over, left = tuple(self._over), tuple(self._left)
        self._over.clear()
        self._left.clear()

        def write(database: sqlite3.Connection) -> None:
            database.executemany(_DELETE, over)
            database.executemany(_RELEASE_ONE, left)
            database.executemany(_INSERT, rows)

        try:
            await self._store.write(write)
        except StoreError:
            self._over.extend(over)
            self._left.extend(left)
            raise

    async def adopt(self, target: Target, *, now: float, due_at: float) -> list[Intention]:
        """
        Find the processes that have ended, and make what was theirs nobody's; return what of it is of *target*.

        It is due at *due_at* from here on, however wrong the clock was by which its process reckoned. Of a process of
        which nobody knows whether it lives, it is what is due by *now*.
        """

        def release(database: sqlite3.Connection) -> list[tuple[object, ...]]:
            query = "SELECT DISTINCT owner FROM leftover WHERE owner NOT IN (?, ?)"
            owners = [owner for (owner,) in database.execute(query, (_NOBODY, self._lease.owner))]
            self._lease.remove_ended(but=owners)
            released: list[tuple[object, ...]] = []
            for owner in owners:
                life = self._lease.life_of(str(owner))
                if life is Life.ENDED:
                    database.execute("UPDATE leftover SET due_at = ? WHERE owner = ?", (due_at, owner))
                if life is not Life.ALIVE:
                    due_by = now if life is Life.UNKNOWN else float("inf")
                    released += database.execute(_RELEASE, (owner, due_by)).fetchall()
            return released

        return [each for each in self._read(await self._store.write(release)) if each.is_of(target)]

    async def ended(self, target: Target) -> list[Intention]:
        """
        Return all that is of *target* and nobody's.
        """
        place = (target.endpoint, target.project)
        return self._read(await self._store.read(lambda database: database.execute(_ENDED, place).fetchall()))

    async def elsewhere(self, target: Target) -> list[Elsewhere]:
        """
        Return where else something is nobody's than in the project of *target*.
        """
        place = (target.endpoint, target.project)
        rows = await self._store.read(lambda database: database.execute(_ELSEWHERE, place).fetchall())
        return [Elsewhere(endpoint=endpoint, project=project, count=count) for endpoint, project, count in rows]

    async def end(self) -> None:
        """
        Make all that is ours nobody's: this process begins no run any more.
        """
        mine = (self._lease.owner, float("inf"))
        await self.flush()
        await self._store.write(lambda database: database.execute(_RELEASE, mine).fetchall())

    async def claim(self, check: str, *, now: float, every_seconds: float, per_hour: int | None) -> bool:
        """
        Return whether *check* may write, and count it if so.
        """

        def count(database: sqlite3.Connection) -> bool:
            oldest = now - max(every_seconds, _HOUR_SECONDS)
            # The clock was set back since: it is known that it wrote, and not when.
            database.execute('UPDATE writing SET at = ? WHERE "check" = ? AND at > ?', (now, check, now))
            database.execute('DELETE FROM writing WHERE "check" = ? AND at < ?', (check, oldest))
            times = [at for (at,) in database.execute('SELECT at FROM writing WHERE "check" = ?', (check,))]
            if not _is_free(times, now=now, every_seconds=every_seconds, per_hour=per_hour):
                return False
            database.execute("INSERT INTO writing VALUES (?, ?)", (check, now))
            return True

        return await self._store.write(count)

    def _read(self, rows: Iterable[tuple[object, ...]]) -> list[Intention]:
        read: list[Intention] = []
        for row in rows:
            try:
                read.append(_intention(row))
            except ValueError:
                # A newer version may have written it. Once, however often it is read.
                if row not in self._unreadable:
                    self._unreadable.add(row)
                    log.error("leftover.unreadable", row=repr(row))
        return read


def _is_free(times: Sequence[float], *, now: float, every_seconds: float, per_hour: int | None) -> bool:
    slack_seconds = min(_SLACK_SECONDS, 0.02 * every_seconds)
    if any(at > now - every_seconds + slack_seconds for at in times):
        return False
    return per_hour is None or sum(at > now - _HOUR_SECONDS + _SLACK_SECONDS for at in times) < per_hour


def _intention(row: Sequence[object]) -> Intention:
    endpoint, project, database, what, collection, id_, by, check, run_id = map(str, row[:9])
    return Intention(
        leftover=Leftover(what=What(what), database=database, collection=collection, id=id_, by=by),
        endpoint=endpoint,
        project=project,
        check=check,
        run_id=run_id,
        intended_at=float(str(row[9])),
        due_at=float(str(row[10])),
    )
