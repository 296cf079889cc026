"""
One life, from the first start of a daemon to the last one's end, and all that is left of it to be judged.
"""

import asyncio
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from time import time

from tests.delivery.daemons import Daemon
from tests.delivery.place import Place, Stored
from tests.delivery.plan import AT_COMMIT, AT_REQUEST, Blow, Moment, Plan, Scene
from tests.delivery.receivers import Told
from tests.delivery.target import Asked
from tests.fakes.pagerduty import Page
from tests.kill.processes import Nursery

# After receivers are well: until the moment of a blow is not waited for any more, and until all must have been told.
_LATE_BLOW_SECONDS = 1.0
_DRAIN_SECONDS = 20.0
_STOP_SECONDS = 20.0
# A run that is under way at the end may find something, of which the next start tells.
_MOST_ENDS = 3
# One interval of a check, its confirmation, and a little.
_SETTLED_SECONDS = 1.5
_QUIET_SECONDS = 0.3
_LOOK_SECONDS = 0.1
_TWINS_APART_SECONDS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """
    What somebody tried to tell the webhook, whether it acted on it or not.
    """

    incident: str
    check: str
    opened_at: float


@dataclass(slots=True, kw_only=True)
class Evidence:
    """
    What is left of a life: what the target was *asked*, what receivers were *told* (or would have been: *attempts*),
    what the store holds, at which moments daemons were *killed*, and how long the machine stood still.
    """

    plan: Plan
    began_at: float
    daemons: list[Daemon] = field(default_factory=list)
    asked: Sequence[Asked] = ()
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    attempts: Sequence[Attempt] = ()
    pages: Sequence[Page] = ()
    second_pages: Sequence[Page] = ()
    stored: Stored = field(default_factory=Stored)
    killed: list[Moment] = field(default_factory=list)
    lag_seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


class Life:
    """
    Lives *plan* in *place*; *worst_lag_since* says how long this process itself has stood still at most.
    """

    def __init__(self, plan: Plan, place: Place, nursery: Nursery, worst_lag_since: Callable[[float], float]) -> None:
        self._plan = plan
        self._place = place
        self._nursery = nursery
        self._worst_lag_since = worst_lag_since
        self._numbers = count(1)
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._seen = Evidence(plan=plan, began_at=time())

    async def live(self) -> Evidence:
        """
        Live it to its end.
        """
        async with self._place.begin(self._plan, self._elapsed):
            weather = [asyncio.create_task(receiver.weather()) for receiver in self._place.receivers]
            try:
                await self._suffer()
                for _ in range(_MOST_ENDS):
                    await self._drain()
                    await self._stop()
                    if self._is_quiet():
                        break
            except TimeoutError as error:
                self._seen.problems.append(str(error) or "a daemon did not end")
            finally:
                for task in weather:
                    task.cancel()
                await asyncio.gather(*(daemon.kill() for daemon in self._alive()))
                for daemon in self._seen.daemons:
                    await daemon.end()
            self._gather()
        return self._seen

    def _elapsed(self) -> float:
        return self._loop.time() - self._began

    def _alive(self) -> list[Daemon]:
        return [daemon for daemon in self._seen.daemons if daemon.process.is_alive]

    async def _suffer(self) -> None:
        """
        Start a daemon for every blow, and one that lives on.
        """
        for blow in self._plan.blows:
            await self._start(is_hindered=blow.is_hindered, blow=blow)
            if not await self._strike(blow):
                break
            self._seen.killed.append(blow.moment)
            await asyncio.sleep(blow.pause_seconds)
        for daemon in self._alive():
            if daemon.is_hindered and self._plan.scene.is_weak:
                await self._end(daemon)
        await self._start(is_hindered=not self._plan.scene.is_weak)

    async def _start(self, *, is_hindered: bool, blow: Blow | None = None) -> None:
        """
        Start as many daemons as there are to be.
        """
        hindrances = dict(self._plan.hindrances(is_hindered=is_hindered))
        is_doomed = blow is not None and blow.moment in AT_COMMIT
        if blow is not None and is_doomed:
            hindrances["dies_at_commit"] = (blow.number, blow.moment.value)
        wanted = 2 if self._plan.scene is Scene.TWINS else 1
        while len(self._alive()) < wanted:
            number, started_at = next(self._numbers), time()
            seed = f"{self._plan.seed} {number}"
            process = await self._place.start(self._nursery, str(number), seed=seed, **hindrances)
            daemon = Daemon(
                name=str(number),
                process=process,
                is_hindered=is_hindered,
                is_doomed=is_doomed,
                started_at=started_at,
            )
            self._seen.daemons.append(daemon)
            await asyncio.sleep(_TWINS_APART_SECONDS if len(self._alive()) < wanted else 0.0)

    async def _strike(self, blow: Blow) -> bool:
        """
        Wait for the moment of *blow* and deal it; return whether it came.
        """
        ends = self._plan.weather_ends + _LATE_BLOW_SECONDS - self._elapsed()
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, ends)):
                await self._moment(blow)
                if blow.hits_both:
                    await asyncio.gather(*(daemon.kill() for daemon in self._alive()))
                return True
        self._place.ambush.lift()
        return False

    async def _moment(self, blow: Blow) -> None:
        if blow.moment in AT_REQUEST:
            self._place.ambush.lay(blow, self._kill_keeper)
            await self._place.ambush.struck.wait()
        elif blow.moment in AT_COMMIT:
            before = len(self._alive())
            while len(self._alive()) == before:  # noqa: ASYNC110 - it dies by itself
                await asyncio.sleep(_LOOK_SECONDS / 10)
        elif blow.moment is Moment.DRAIN:
            await asyncio.sleep(blow.seconds)
            if keeper := self._keeper():
                self._ask_to_stop(keeper)
                await asyncio.sleep(blow.drain_seconds)
                await keeper.kill()
        else:
            await asyncio.sleep(blow.seconds)
            await self._kill_keeper()

    def _keeper(self) -> Daemon | None:
        """
        Return the daemon that keeps the incidents; when none does yet, the one that was started first.
        """
        alive = self._alive()
        return next((daemon for daemon in alive if daemon.keeps_incidents), alive[0] if alive else None)

    async def _kill_keeper(self) -> None:
        if keeper := self._keeper():
            await keeper.kill()

    @staticmethod
    def _ask_to_stop(daemon: Daemon) -> None:
        daemon.asked_to_stop_at = time()
        daemon.process.send(signal.SIGTERM)

    async def _drain(self) -> None:
        """
        Wait until nothing is wrong any more, and everybody knows.
        """
        rest = self._plan.weather_ends - self._elapsed()
        await asyncio.sleep(max(rest, self._plan.seconds + _SETTLED_SECONDS - self._elapsed(), 0.0))
        quiet = 0.0
        ends = self._elapsed() + _DRAIN_SECONDS
        while quiet < _QUIET_SECONDS:
            await asyncio.sleep(_LOOK_SECONDS)
            # One that was to die at a commit may do so only now.
            await self._start(is_hindered=False)
            quiet = quiet + _LOOK_SECONDS if self._is_quiet() else 0.0
            if self._elapsed() > ends:
                stored = self._place.stored()
                text = f"open: {stored.open}, waiting: {stored.waiting} {_DRAIN_SECONDS:.0f} s after all was well again"
                raise TimeoutError(text)

    def _is_quiet(self) -> bool:
        stored = self._place.stored()
        return not (stored.open or stored.waiting)

    async def _stop(self) -> None:
        """
        End what lives; the one that stands by takes over first.
        """
        while keeper := self._keeper():
            await self._end(keeper)
            is_early = keeper.code == -signal.SIGTERM and not keeper.has_begun
            if keeper.code and not keeper.is_doomed and not is_early:
                text = f"daemon {keeper.name} ended with {keeper.code}: {keeper.process.output[-300:]}"
                self._seen.problems.append(text)
            if self._alive():
                await asyncio.sleep(_TWINS_APART_SECONDS)

    async def _end(self, daemon: Daemon) -> None:
        if daemon.asked_to_stop_at is None:
            # A second time would end it at once.
            self._ask_to_stop(daemon)
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await daemon.end()
        except TimeoutError:
            raise TimeoutError(f"daemon {daemon.name} did not end within {_STOP_SECONDS:.0f} s of SIGTERM") from None

    def _gather(self) -> None:
        place, seen = self._place, self._seen
        seen.asked = place.target.asked
        seen.told = {receiver.name: receiver.told for receiver in place.receivers}
        seen.attempts = list(self._attempts())
        seen.pages, seen.second_pages = place.pagerduty.pages, place.pagerduty.second_pages
        seen.stored = place.stored()
        seen.lag_seconds = self._worst_lag_since(self._began) + sum(each.stalled_seconds for each in seen.daemons)

    def _attempts(self) -> Iterator[Attempt]:
        for event in self._place.webhook.attempts():
            incident = event["incident"]
            opened_at = datetime.fromisoformat(incident["opened_at"]).timestamp()
            yield Attempt(incident=incident["id"], check=incident["findings"][0]["check"], opened_at=opened_at)
