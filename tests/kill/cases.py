"""
One kill, from the start of the monitor to what is there after the sweep of the next start.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.kill.deadly import Blow, Heard, When
from tests.kill.place import Place, place_in
from tests.kill.processes import Nursery

T = TypeVar("T")

# Two cores: one is the monitor's, one the sandbox's.
_PLACES = 3


@asynccontextmanager
async def places_in(folder: Path) -> AsyncIterator[Sequence[Place]]:
    """
    Give a few places, so that as many kills go on at a time.
    """
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(place_in(folder / f"place-{number}")) for number in range(_PLACES)]


async def everywhere(
    places: Sequence[Place], cases: Iterable[T], act: Callable[[Place, T], Awaitable["Seen"]]
) -> list["Seen"]:
    """
    Return what *act* sees of all *cases*, in whichever place is free.
    """
    left, seen = iter(cases), list[Seen]()

    async def work(place: Place) -> None:
        for case in left:
            seen.append(await act(place, case))

    await asyncio.gather(*map(work, places))
    return seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """
    How one kill went: *wrong* is what was not as before, *killed* whether it was one at all.
    """

    case: str
    killed: bool
    wrong: Sequence[str]


async def undisturbed(place: Place, nursery: Nursery, check: str) -> Sequence[Heard]:
    """
    Return what a run of *check* asks for from its begin to its end.
    """
    await place.begin()
    place.sandbox.arm(None)
    process = await place.start(nursery, "once", check)
    code, heard = await process.code(), tuple(place.sandbox.heard)
    assert code == 0, process.output
    assert await place.differences() == []
    return heard


def blows(heard: Sequence[Heard]) -> Iterator[Blow]:
    """
    Yield every way to kill whoever sends *heard*.

    Where nothing is written there is one: neither side can tell whether that was before or after.
    """
    for number, each in enumerate(heard, start=1):
        if each.is_socket:
            yield Blow(number=number, when=When.BEFORE)
        elif each.writes:
            yield from (Blow(number=number, when=when) for when in (When.BEFORE, When.AFTER, When.LATE))
        else:
            yield Blow(number=number, when=When.AFTER)


async def kill_at_request(
    place: Place, nursery: Nursery, check: str, blow: Blow, *, born_in: Nursery | None = None
) -> Seen:
    """
    Kill a run of *check* by *blow*, sweep as the next start does, and once more when something has come after that.

    The one that is killed may be *born_in* another nursery.
    """
    await place.begin()
    sandbox = place.sandbox
    sandbox.arm(blow)
    process = await place.start(born_in or nursery, "once", check)
    sandbox.aim_at(process.kill)
    killed = await process.code() == -9
    case = f"{check} killed at request {blow.number} ({blow.when}): {(*sandbox.heard, '')[blow.number - 1]}"
    await sandbox.quiet()
    await place.sweep(nursery)
    wrong = await place.differences()
    if killed and blow.when is When.LATE:
        sandbox.release()
        await sandbox.quiet()
        await place.sweep(nursery)
        wrong += await place.differences()
    return Seen(case=case, killed=killed, wrong=wrong)


async def kill_before_step(place: Place, nursery: Nursery, check: str, step: str) -> Seen:
    """
    Kill a run of *check* on the boundary before *step*, and sweep as the next start does.
    """
    await place.begin()
    process = await place.start(nursery, "once", check, dies_before=step)
    killed = await process.code() == -9
    await place.sandbox.quiet()
    await place.sweep(nursery)
    return Seen(case=f"{check} killed before {step}", killed=killed, wrong=await place.differences())
