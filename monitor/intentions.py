"""
What this process knows to be made, or to be about to: of runs that go on, and of those that have ended.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from weakref import WeakSet

from monitor.core.errors import OwnFault, fit
from monitor.core.leftover import Leftover
from monitor.core.run import Run
from monitor.core.target import Target
from monitor.journal import Intention
from monitor.looks import Pending

# So many things that cannot be removed say that nothing can be: then nothing more is made.
MOST_LEFT = 1_000
# What is looked for because it may yet come: far more than a hundred journeys leave in a quarter of an hour.
MOST_PENDING = 20_000
# What one run of a sweep looks for.
_AT_ONCE = 60


class Intentions:
    """
    Every intention that is not settled, by its key.
    """

    def __init__(self) -> None:
        self._pending: dict[tuple[str, ...], Pending] = {}
        # The same, of each run that goes on.
        self._running: dict[str, dict[Leftover, Pending]] = {}
        self._ended: WeakSet[Run] = WeakSet()
        # Where anything was ever made, so that its number is zero when nothing is left.
        self._places: set[str] = set()

    def __contains__(self, intention: Intention) -> bool:
        return intention.key in self._pending

    @property
    def left(self) -> list[Pending]:
        """
        What is not known to be absent, though its run has ended.
        """
        return [each for each in self._pending.values() if each.is_left]

    def demand_room(self) -> None:
        """
        Raise ``OwnFault`` when too much is left, or looked for, for anything more to be made.
        """
        if len(self._pending) < MOST_LEFT:
            return
        left = self.left
        if len(left) >= MOST_LEFT:
            text = f"{len(left)} leftovers could not be removed, so nothing more is made: see `monitor sweep`"
            raise OwnFault(fit(f"{text}: {left[-1].error}"))
        if len(self._pending) >= MOST_PENDING:
            text = f"{len(self._pending)} things are looked for that may yet come, so nothing more is made"
            raise OwnFault(f"{text}: run fewer checks that write, or less often")

    def begin(self, run: Run, intentions: Iterable[Intention], *, now: float) -> None:
        """
        Note what *run* is about to make; raise ``OwnFault`` when it has ended, and have that looked for all the same.
        """
        running = self._running.setdefault(run.id, {})
        for each in intentions:
            running[each.leftover] = self._pending[each.key] = Pending(intention=each)
        if run in self._ended:
            self.end(run, now=now)
            raise OwnFault("refused to make anything more: the run has ended, and what it made is removed")

    def running(self, run: Run) -> Mapping[Leftover, Pending]:
        """
        Return what *run* has been about to make.
        """
        return self._running.get(run.id, {})

    def end(self, run: Run, *, now: float) -> Mapping[Leftover, Pending]:
        """
        Note that *run* has ended; return what it has been about to make, which is looked for from here on.
        """
        self._ended.add(run)
        pending = self._running.pop(run.id, {})
        for each in pending.values():
            each.end(now)
            self._places.add(each.intention.leftover.place)
        return pending

    def adopt(self, intention: Intention, *, since: float, now: float) -> None:
        """
        Have looked for at once what another process was about to make in a run that ended *since*.
        """
        if len(self._pending) < MOST_PENDING:
            self._pending[intention.key] = pending = Pending(intention=intention)
            pending.end(now, since=since)
            self._places.add(intention.leftover.place)

    def forget(self, pending: Pending) -> None:
        """
        Look for it no more.
        """
        self._pending.pop(pending.intention.key, None)

    def due(self, target: Target, *, now: float, everything: bool = False) -> list[Pending]:
        """
        Return what is to be looked for in *target* by *now*; *everything* whose run has ended.
        """
        return [
            each
            for each in self._pending.values()
            if each.look_at is not None and (everything or each.look_at <= now) and each.intention.is_of(target)
        ]

    def next_look(self, target: Target) -> float:
        """
        Return when the next thing is due in *target*.
        """
        looks = [each.look_at for each in self._pending.values() if each.intention.is_of(target)]
        return min((at for at in looks if at is not None), default=float("inf"))

    def counts(self) -> Mapping[str, tuple[int, float | None]]:
        """
        Return for each place how many things are left there, and since when the oldest of them is, as a Unix time.
        """
        left = [each.intention for each in self.left]
        return {
            place: (len(times), min(times, default=None))
            for place in sorted(self._places)
            for times in [[each.intended_at for each in left if each.leftover.place == place]]
        }


def batches(due: Sequence[Pending]) -> Iterator[tuple[str, Mapping[Leftover, Pending]]]:
    """
    Yield what one run looks for: things in one database, which comes with them, and not too many.
    """
    for database in dict.fromkeys(each.intention.leftover.database for each in due):
        there = [each for each in due if each.intention.leftover.database == database]
        for start in range(0, len(there), _AT_ONCE):
            yield database, {each.intention.leftover: each for each in there[start : start + _AT_ONCE]}
