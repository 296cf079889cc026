"""
Writes down what changed: state and the events that it makes in one transaction, all that there is at a time.

Events may be sent once they are written. While the store cannot be used, or does not answer, they may be sent all the
same, and it learns of everything when it can.
"""

import asyncio
from collections import deque
from collections.abc import Callable

import structlog

from monitor.alerting.outbox import Outbox
from monitor.alerting.records import Batch, Ran, Records
from monitor.incidents.book import Book, Case
from monitor.store import StoreError

log = structlog.get_logger()

# History, and what only the next outcome would change anyway, is written together.
_WRITE_EVERY_SECONDS = 1.0
# A disk that hangs must not keep people from being told.
_PATIENCE_SECONDS = 2.0
_PATIENCE_WHILE_SLOW_SECONDS = 0.25
# Runs that wait for a store which cannot be written; the oldest are given up.
_MOST_RUNS_UNWRITTEN = 10_000


class Scribe:
    """
    What of *book* and *outbox* the store does not know yet. *on_posted* hears that something may be sent.

    *trouble* is what keeps it from being written, unless the store says so itself.
    """

    def __init__(self, records: Records, book: Book, outbox: Outbox, *, on_posted: Callable[[], None]) -> None:
        self._records = records
        self._book = book
        self._outbox = outbox
        self._on_posted = on_posted
        self._streaks: set[tuple[str, str]] = set()
        self._cases: dict[str, Case] = {}
        self._forgotten: set[str] = set()
        self._runs: deque[Ran] = deque(maxlen=_MOST_RUNS_UNWRITTEN)
        self._is_urgent = asyncio.Event()
        self._writing = asyncio.Lock()
        # The store was last written to in vain.
        self._fails = False
        self.trouble = ""

    def note_run(self, run: Ran, *, place: str) -> None:
        """
        Have *run* written, and the streak of its check as *place* sees it.
        """
        self._runs.append(run)
        self._streaks.add((run.check, place))

    def note_case(self, case: Case) -> None:
        """
        Have *case* written, as it is then.
        """
        self._cases[case.incident.id] = case

    def forget(self, check: str) -> None:
        """
        Have the streaks of *check* deleted.
        """
        self._streaks = {key for key in self._streaks if key[0] != check}
        self._forgotten.add(check)

    def hurry(self) -> None:
        """
        Have all of it written at once, and not within the second.
        """
        self._is_urgent.set()

    async def pause(self) -> None:
        """
        Wait until it is time to write.
        """
        try:
            async with asyncio.timeout(_WRITE_EVERY_SECONDS):
                await self._is_urgent.wait()
        except TimeoutError:
            return

    async def write(self) -> None:
        """
        Write down all that changed; let it be told though that fails.
        """
        # Not cut off by the end of whoever asks: what it has taken, and could not write, would be known to nobody.
        await asyncio.shield(asyncio.create_task(self._write(), name="incidents:write"))

    async def _write(self) -> None:
        async with self._writing:
            self._is_urgent.clear()
            added, acknowledged = self._outbox.unkept()
            cases, self._cases = self._cases, {}
            keys, self._streaks = self._streaks, set()
            forgotten, self._forgotten = self._forgotten, set()
            runs = tuple(self._runs)
            self._runs.clear()
            if not (added or acknowledged or cases or keys or forgotten or runs):
                return
            streaks = self._book.findings.streaks
            batch = Batch(
                runs=runs,
                streaks={key: streaks[key] for key in keys if key in streaks},
                forgotten=forgotten,
                cases=tuple(cases.values()),
                posted=[each.posted for each in added],
                acknowledged=acknowledged,
                open_cases=len(self._book.cases),
                waiting=len(self._outbox),
            )
            saving = asyncio.create_task(self._records.save(batch), name="incidents:save")
            try:
                await self._wait(saving)
                is_whole = await saving
            except Exception as error:  # noqa: BLE001 - whatever keeps it from being written, people must be told
                self._note_failure(error)
                self._cases = cases | self._cases
                self._streaks |= keys
                self._forgotten |= forgotten
                # The newest of both: at its left, a full one would drop what ended last.
                self._runs = deque((*runs, *self._runs), maxlen=_MOST_RUNS_UNWRITTEN)
                self._outbox.release()
                self._on_posted()
                await asyncio.sleep(_WRITE_EVERY_SECONDS if self._fails else 0.0)
                self._fails = True
            else:
                self._fails, self.trouble = False, ""
                self._outbox.kept(added, acknowledged)
                if not is_whole:
                    self._write_anew()
            self._on_posted()

    def _note_failure(self, error: Exception) -> None:
        if isinstance(error, StoreError):
            # It says so itself.
            return
        trouble = f"incidents cannot be written down: {type(error).__name__}: {error}"
        if trouble != self.trouble:
            log.error("incidents.not_written", error=trouble, exc_info=error)
        self.trouble = trouble

    async def _wait(self, saving: asyncio.Task[bool]) -> None:
        """
        Wait for the disk, and let what is added meanwhile be told when that takes too long.
        """
        patience_seconds = _PATIENCE_SECONDS
        while True:
            await asyncio.wait({saving}, timeout=patience_seconds)
            if saving.done():
                return
            patience_seconds = _PATIENCE_WHILE_SLOW_SECONDS
            self._outbox.release()
            self._on_posted()

    def _write_anew(self) -> None:
        """
        Have all that is known written next: the file is another one, and knows nothing of it.
        """
        log.warning("incidents.written_anew", incidents=len(self._book.cases), events=len(self._outbox))
        self._cases = {**self._book.cases, **self._cases}
        self._streaks |= self._book.findings.streaks.keys()
        self._outbox.forget_kept()
        self._is_urgent.set()
