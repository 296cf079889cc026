"""
One life of the monitor by chance: what runs, what hinders it, when it is killed, who sweeps, and what is there then.

Everything but the time that the machine takes follows from the seed.
"""

import asyncio
import random
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from tests.kill.deadly import DeadlySandbox
from tests.kill.place import BUSY, Place
from tests.kill.processes import Nursery, Process

# Until the first run begins: of ``once`` on a busy machine, and of a daemon whose checks come every three seconds.
_START_SECONDS = 0.3
_FIRST_RUN_SECONDS = 4.0
_RUN_SECONDS = 1.0
# Half of the way there and back over a continent: requests are under way when the monitor is killed.
_LATENCY_SECONDS = 0.03
_SLOW_DISK_SECONDS = 0.15
_STOP_SECONDS = 20.0
# Of a daemon that was just started, in another process.
_SWEEP_SECONDS = 3.0


class Scene(StrEnum):
    """
    What lives: one run of every check, a daemon, two that share a store, or a daemon whose disk or clock is not right.
    """

    ONCE = "once"
    DAEMON = "daemon"
    TWINS = "twins"
    SLOW_DISK = "slow disk"
    FULL_DISK = "full disk"
    CLOCK = "clock"


_WEIGHTS: Mapping[Scene, int] = {
    Scene.ONCE: 30,
    Scene.DAEMON: 40,
    Scene.TWINS: 12,
    Scene.SLOW_DISK: 8,
    Scene.FULL_DISK: 4,
    Scene.CLOCK: 6,
}
# Killed, and on the next start.
_HINDRANCES: Mapping[Scene, Mapping[str, object]] = {
    Scene.SLOW_DISK: {"slow_seconds": _SLOW_DISK_SECONDS},
    Scene.FULL_DISK: {"room_pages": 0},
}


@dataclass(slots=True, kw_only=True)
class Life:
    """
    How one seed went. *there* is how many things were left by the kill, *sweeps* how many starts it took; *wrong* is
    what is left or lost after all, and *told* whether the store had said that it cannot keep its promise.
    """

    seed: int
    scene: Scene
    there: int = 0
    sweeps: int = 0
    told: bool = False
    wrong: Sequence[str] = ()
    remarks: list[str] = field(default_factory=list)


class Lives:
    """
    Seeds, one after another, in one *place*. *nurseries* start processes on the right clock, and on wrong ones.
    """

    def __init__(self, place: Place, nursery: Nursery, wrong_clocks: Sequence[Nursery]) -> None:
        self._place = place
        self._nursery = nursery
        self._wrong_clocks = wrong_clocks

    async def live(self, seed: int) -> Life:
        """
        Live what *seed* says.
        """
        chance = random.Random(seed)
        scenes = [scene for scene in Scene if scene is not Scene.CLOCK or self._wrong_clocks]
        scene = chance.choices(scenes, [_WEIGHTS[each] for each in scenes])[0]
        life = Life(seed=seed, scene=scene)
        await self._place.begin()
        try:
            await self._kill(life, chance)
            if chance.random() < 0.5:
                await self._place.sandbox.quiet()
            life.there = len(await self._place.differences())
            await self._sweep(life, chance)
        except (AssertionError, TimeoutError) as error:
            life.wrong = [f"{type(error).__name__}: {error}"]
        if life.wrong and scene is Scene.FULL_DISK and life.told:
            life.remarks += life.wrong
            life.wrong = [line for line in life.wrong if not line.startswith("left: ")]
            _forget(self._place.sandbox, life.remarks)
        return life

    async def _kill(self, life: Life, chance: random.Random) -> None:
        """
        Start what lives, and kill it at some moment of its start or of its runs.
        """
        nursery = chance.choice(self._wrong_clocks) if life.scene is Scene.CLOCK else self._nursery
        command = "once" if life.scene is Scene.ONCE else "run"
        config = "checks" if life.scene is Scene.ONCE else f"busy-{chance.randrange(len(BUSY))}"
        hindrances = _HINDRANCES.get(life.scene, {})
        self._place.sandbox.arm(None)
        self._place.sandbox.latency_seconds = _LATENCY_SECONDS
        lives = [await self._place.start(nursery, command, config=config, **hindrances)]
        if life.scene is Scene.TWINS:
            lives.append(await self._place.start(nursery, command, config=config))
        await self._wait(chance)
        await lives[0].kill()
        code = await lives[0].code()
        # One run of all may have ended by then.
        assert code == -9 or (command == "once" and code in {0, 1}), f"{command} ended with {code}: {lives[0].output}"
        for twin in lives[1:]:
            if chance.random() < 0.5:
                # Of the one that has died, and nothing of the one that lives.
                await self._sweep_by_hand()
            await asyncio.sleep(chance.uniform(0.0, _RUN_SECONDS))
            await self._end(life, twin, chance)
        self._place.sandbox.latency_seconds = 0.0
        life.told = any('"store.' in each.output for each in lives)
        life.remarks += [f"{line}" for each in lives for line in each.output.splitlines() if "Traceback" in line]

    async def _wait(self, chance: random.Random) -> None:
        """
        Wait until some moment of the start, or of the runs.
        """
        if chance.random() < 0.15:
            await asyncio.sleep(chance.uniform(0.0, _START_SECONDS))
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_RUN_SECONDS):
                await self._place.sandbox.asked()
        await asyncio.sleep(chance.uniform(0.0, _RUN_SECONDS))

    async def _end(self, life: Life, twin: Process, chance: random.Random) -> None:
        """
        Kill the one that has outlived the other, or stop it: then its runs, under which nobody swept, went well.
        """
        if chance.random() < 0.5:
            await twin.kill()
            return
        twin.send(signal.SIGTERM)
        async with asyncio.timeout(_STOP_SECONDS):
            code = await twin.code()
        # One that had only just been started does not know yet how to end in order.
        if code not in {0, -signal.SIGTERM} or '"status": "failed"' in twin.output:
            life.remarks.append(f"the twin that lived ended with {code}: {twin.output}")

    async def _sweep(self, life: Life, chance: random.Random) -> None:
        """
        Start again, and once more when something may have come after the sweep.
        """
        starts = (self._sweep_by_hand, self._sweep_by_daemon)
        for life.sweeps in (1, 2):
            await chance.choices(starts, (4, 1))[0]()
            await self._place.sandbox.quiet()
            life.wrong = await self._place.differences()
            if not life.wrong:
                return

    async def _sweep_by_hand(self) -> None:
        await self._place.sweep(self._nursery)

    async def _sweep_by_daemon(self) -> None:
        process = await self._place.start(self._nursery, "run", config="idle")
        until = asyncio.get_running_loop().time() + _SWEEP_SECONDS
        while await self._place.differences() and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        process.send(signal.SIGTERM)
        async with asyncio.timeout(_STOP_SECONDS):
            await process.code()


def _forget(sandbox: DeadlySandbox, lines: Sequence[str]) -> None:
    """
    Remove what a monitor without a store could not know of, so that the next seed begins with a clean platform.
    """
    for line in lines:
        match line.removeprefix("left: ").split(" ")[0].split("/"):
            case ["documents", collection, document]:
                del sandbox.world.collections[collection].documents[document]
            case ["users", user]:
                del sandbox.world.accounts.users[user]
            case ["sessions", user, session] if user in sandbox.world.accounts.users:
                del sandbox.world.accounts.users[user].sessions[session]
