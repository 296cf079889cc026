"""
Waiting for what nothing announces.
"""

import asyncio
from collections.abc import Callable

from tests.bench.figure import MeasurementError

_LOOK_EVERY_SECONDS = 0.02


async def until(condition: Callable[[], object], *, within_seconds: float, what: Callable[[], str]) -> None:
    """
    Return when *condition* holds; raise ``MeasurementError`` with *what* is missing when it takes longer.
    """
    try:
        async with asyncio.timeout(within_seconds):
            while not condition():  # noqa: ASYNC110 - it announces nothing
                await asyncio.sleep(_LOOK_EVERY_SECONDS)
    except TimeoutError:
        raise MeasurementError(f"{what()} after {within_seconds:.0f} s") from None
