"""
What runs leave in the target: written down before it is made, removed after the run, and looked for again until it is
certain that nothing of it is there and nothing can come.

A request that was on its way when the process was killed, or when its answer was lost, may be carried out after
everybody has looked: so what is not there is looked for again, for longer than any request lives. What cannot be
removed is tried again without end. The store being unusable, or slow, stops no run: then only a crash can leave
something behind.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import structlog

from monitor.core.clock import Clock
from monitor.core.errors import OwnFault, fit
from monitor.core.leftover import Fate, Leftover, Look, Remembered, Removal, Remover
from monitor.core.run import Run, Surroundings
from monitor.core.target import Target
from monitor.intentions import Intentions, batches
from monitor.journal import Elsewhere, Intention, Journal
from monitor.lease import Lease
from monitor.looks import Pending
from monitor.store import Store, StoreError

log = structlog.get_logger()

T = TypeVar("T")

# How often to see whether another process has ended meanwhile, or left something to us.
_ADOPT_SECONDS = 60.0
# Beyond the deadline of a run: its clean-up may have 300 s.
_DUE_SECONDS = 600.0
# A disk that hangs must not make a check miss its deadline, and the target look guilty.
_PATIENCE_SECONDS = 2.0
# Nor ten writes of one run ten times that.
_PATIENCE_WHILE_SLOW_SECONDS = 0.25
_NOT_TRIED = Removal(look=Look.STAYS, error="not tried, since what was tried before it had no answer in time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """
    What a sweep found of one intention.
    """

    intention: Intention
    removal: Removal


class Leftovers:
    """
    The journal of this process: every run writes down in it what it makes.
    """

    def __init__(self, store: Store, lease: Lease, remover: Remover, clock: Clock) -> None:
        self._journal = Journal(store, lease)
        self._remover = remover
        self._clock = clock
        self._intended = Intentions()
        self._is_slow = False
        # Why removing was refused to the monitor itself, until it is not any more.
        self._refusal = ""
        self._found: dict[str, Remembered] = {}
        self._started_at = clock.monotonic()
        self._news = asyncio.Event()

    @property
    def trouble(self) -> str:
        """
        Why what is written down does not survive the process; empty when it does.
        """
        slow = f"the store did not answer within {_PATIENCE_SECONDS:.0f} s: look after its disk"
        return self._journal.trouble or (slow if self._is_slow else "")

    async def intend(self, run: Run, leftovers: Sequence[Leftover]) -> None:
        """
        Write down that *run* is about to make *leftovers*.

        Raises ``OwnFault`` when too much is left already, and when *run* has been cleaned up behind.
        """
        self._intended.demand_room()
        if self._refusal:
            raise OwnFault(fit(f"nothing more is made, since removing it would be refused: {self._refusal}"))
        intentions = self._intentions(run, leftovers)
        self._intended.begin(run, intentions, now=self._clock.monotonic())
        await self._patiently(self._journal.add(intentions), otherwise=None)

    async def remove(self, run: Run) -> None:
        """
        Remove all that *run* has made, as far as that can be done until its deadline; see to the rest later.
        """
        now = self._clock.monotonic()
        # What could not be written down is removed all the same.
        known = self._intended.running(run)
        unknown = [each for each in run.leftovers if each not in known]
        self._intended.begin(run, self._intentions(run, unknown), now=now)
        # Should this not come to its end, they are looked for all the same.
        pending = self._intended.end(run, now=now)
        removals = dict.fromkeys(pending, Removal(look=Look.GONE))
        # What it was not given time to know of was never asked for.
        fates = {each: run.leftovers.get(each, Fate.NOTHING) for each in pending}
        made = {each: fate for each, fate in fates.items() if fate is not Fate.NOTHING}
        if made:
            removals |= await self._remover.remove(run, made)
        over, left = self._take([(pending[leftover], removal) for leftover, removal in removals.items()])
        self._journal.settle(over=over, left=left)
        # Others may see to what stays; all else can wait for what is written next.
        if any(removal.look is Look.STAYS for removal in removals.values()):
            await self._patiently(self._journal.flush(), otherwise=None)

    async def claim(self, run: Run, *, every_seconds: float, per_hour: int | None) -> bool:
        """
        Return whether the check of *run* may write now, and count it if so.
        """
        # Nobody knows when it wrote last: in the worst case just before this process was started.
        if self.trouble and self._clock.monotonic() < self._started_at + every_seconds:
            return False
        name = f"{run.check} at {run.target.endpoint} in {run.target.project}"
        wall = self._clock.now().timestamp()
        claim = self._journal.claim(name, now=wall, every_seconds=every_seconds, per_hour=per_hour)
        return await self._patiently(claim, otherwise=False)

    def remember(self, run: Run, finding: Remembered) -> None:
        """
        Keep what the check of *run* found when it wrote.
        """
        self._found[run.check] = finding

    def remembered(self, run: Run) -> Remembered | None:
        """
        Return what the check of *run* found when it wrote last; None when this process does not know.
        """
        return self._found.get(run.check)

    async def adopt(self, target: Target, *, only_of_ended: bool = False, patience_seconds: float | None = None) -> int:
        """
        See to what processes that have ended left in *target*, and to what others that live could not remove.

        Returns how many intentions were not known; *only_of_ended* leaves those of processes that live to them.
        """
        now = self._clock.now().timestamp()
        nothing: list[Intention] = []
        await self._patiently(self._journal.flush(), otherwise=None)
        adopting = self._journal.adopt(target, now=now, due_at=now + _DUE_SECONDS)
        found = await self._patiently(adopting, otherwise=nothing, patience_seconds=patience_seconds)
        if not only_of_ended:
            found = await self._patiently(self._journal.ended(target), otherwise=found)
        new = [each for each in found if each not in self._intended]
        for each in new:
            # The wall clock, since nothing else goes on when a process ends. At the latest its run ended when due, or
            # when it was found that its process has ended.
            age_seconds = max(0.0, now - (each.due_at - _DUE_SECONDS))
            monotonic = self._clock.monotonic()
            self._intended.adopt(each, since=monotonic - age_seconds, now=monotonic)
        self._news.set()
        return len(new)

    async def sweep(
        self, surroundings: Surroundings, *, within_seconds: float, dry: bool = False, everything: bool = False
    ) -> list[Swept]:
        """
        Look for what is due (*everything*: all whose run has ended) in the target, and remove it unless *dry*.

        Each batch of leftovers has *within_seconds*; once that was too little for all of one, the rest waits.
        """
        swept: list[Swept] = []
        hangs = False
        due = self._intended.due(surroundings.target, now=self._clock.monotonic(), everything=everything)
        for database, batch in batches(due):
            removals: Mapping[Leftover, Removal] = dict.fromkeys(batch, _NOT_TRIED)
            if not hangs:
                # Where it was made, which a new configuration may have left.
                target = surroundings.target
                if database:
                    target = target.model_copy(update={"database": database})
                run = Run(replace(surroundings, target=target), timeout_seconds=within_seconds)
                run.leftovers |= dict.fromkeys(batch, Fate.INTENDED)
                removals = await self._remover.remove(run, run.leftovers, dry=dry)
                stay = all(removal.look is Look.STAYS for removal in removals.values())
                hangs = stay and run.remaining_seconds() <= 0.0
            swept += [Swept(intention=batch[each].intention, removal=removal) for each, removal in removals.items()]
            if not dry:
                await self._note([(batch[each], removal) for each, removal in removals.items()])
        return swept

    async def keep_sweeping(self, surroundings: Callable[[], Surroundings], *, within_seconds: float) -> None:
        """
        Adopt and sweep, for ever: at once, and whenever something is due.
        """
        adopt_at = started_at = self._clock.monotonic()
        while True:
            here = surroundings()
            try:
                if adopt_at == started_at:
                    for each in await self.elsewhere(here.target):
                        log.warning(
                            "leftover.elsewhere", endpoint=each.endpoint, project=each.project, count=each.count
                        )
                if self._clock.monotonic() >= adopt_at:
                    adopt_at = self._clock.monotonic() + _ADOPT_SECONDS
                    await self.adopt(here.target)
                await self.sweep(here, within_seconds=within_seconds)
            except Exception:  # whatever is wrong with one sweep, a later one may go well
                log.exception("sweep.failed")
                await asyncio.sleep(_ADOPT_SECONDS)
            self._news.clear()
            try:
                async with asyncio.timeout(self._pause_seconds(here.target, adopt_at)):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def elsewhere(self, target: Target) -> list[Elsewhere]:
        """
        Return what is left in other projects than that of *target*.
        """
        nothing: list[Elsewhere] = []
        return await self._patiently(self._journal.elsewhere(target), otherwise=nothing)

    async def end(self) -> bool:
        """
        Leave what is still there to other processes, now that this one ends; return whether that could be written.
        """
        for each in self._intended.left:
            log.warning("leftover.left_behind", **_fields(each), error=each.error)
        await self._patiently(self._journal.end(), otherwise=None)
        return not self.trouble

    def counts(self) -> Mapping[str, tuple[int, float | None]]:
        """
        Return for each place how many things are left there, and since when the oldest of them is, as a Unix time.
        """
        return self._intended.counts()

    def _intentions(self, run: Run, leftovers: Iterable[Leftover]) -> list[Intention]:
        now = self._clock.now().timestamp()
        return [
            Intention(
                leftover=each,
                endpoint=run.target.endpoint,
                project=run.target.project,
                check=run.check,
                run_id=run.id,
                intended_at=now,
                due_at=now + run.remaining_seconds() + _DUE_SECONDS,
            )
            for each in leftovers
        ]

    def _pause_seconds(self, target: Target, adopt_at: float) -> float:
        # Never at once: what has just been tried has a pause, and a clock may be coarse.
        return max(0.1, min(adopt_at, self._intended.next_look(target)) - self._clock.monotonic())

    async def _note(self, seen: Sequence[tuple[Pending, Removal]]) -> None:
        over, _ = self._take(seen)
        self._journal.settle(over=over)
        await self._patiently(self._journal.flush(), otherwise=None)

    def _take(self, seen: Sequence[tuple[Pending, Removal]]) -> tuple[list[Intention], list[Intention]]:
        """
        Note how removals went, and forget what is settled; return what is, and what is not.
        """
        over: list[Intention] = []
        left: list[Intention] = []
        if seen:
            self._refusal = next((removal.error for _, removal in seen if removal.is_refused), "")
        for each, removal in seen:
            _tell(each, removal)
            if each.note(removal.look, now=self._clock.monotonic(), error=removal.error):
                self._intended.forget(each)
                over.append(each.intention)
                continue
            left.append(each.intention)
            if each.is_left:
                self._news.set()
        return over, left

    async def _patiently(self, work: Awaitable[T], *, otherwise: T, patience_seconds: float | None = None) -> T:
        """
        Return what the store answers; *otherwise* when it cannot be used, which it says for itself, or is slow.
        """
        try:
            usual_seconds = _PATIENCE_WHILE_SLOW_SECONDS if self._is_slow else _PATIENCE_SECONDS
            async with asyncio.timeout(patience_seconds or usual_seconds):
                answer = await work
        except StoreError:
            return otherwise
        except TimeoutError:
            if not self._is_slow:
                log.error("store.slow", patience_seconds=_PATIENCE_SECONDS)
            self._is_slow = True
            return otherwise
        self._is_slow = False
        return answer


def _fields(each: Pending) -> dict[str, str]:
    was = each.intention
    return {"check": was.check, "run_id": was.run_id, "what": str(was.leftover)}


def _tell(each: Pending, removal: Removal) -> None:
    # Once that it stays, and that it went away after that; of nearly everything nobody needs to hear.
    is_left = removal.look in {Look.STAYS, Look.AWAY}
    if is_left and not each.error:
        log.warning("leftover.stays", **_fields(each), error=removal.error)
    elif not is_left and each.error:
        log.info("leftover.removed", **_fields(each))
