"""
Does several things at the same time, and none of them any longer once one has failed.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any


async def together(works: Iterable[Coroutine[Any, Any, None]], *, at_once: int) -> None:
    """
    Await *works*, so many *at_once*; raise what the first one raised that failed, when the others have ended.
    """
    places = asyncio.Semaphore(at_once)
    failed = False

    async def in_turn(work: Coroutine[Any, Any, None]) -> None:
        nonlocal failed
        try:
            async with places:
                if not failed:
                    await work
        except Exception:
            failed = True
            raise
        finally:
            # One whose turn never came would be warned of as never awaited.
            work.close()

    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(in_turn(work))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
