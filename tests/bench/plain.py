"""
Plain aiohttp: the cost of the client without a monitor around it. Also the driver of blackbox_exporter.
"""

import asyncio
from collections.abc import Iterator

import aiohttp

CONCURRENCY = 10


class PlainLoad:
    """
    GETs of one URL, on fresh connections or on kept ones; every answer must be a 200 that holds *must_hold*.
    """

    def __init__(self, url: str, *, fresh: bool, must_hold: bytes = b"") -> None:
        self._url = url
        self._must_hold = must_hold
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, force_close=fresh))

    async def run(self, runs: int) -> None:
        """
        Make *runs* GETs, ten at a time.
        """
        turns = iter(range(runs))
        await asyncio.gather(*(self._work(turns) for _ in range(CONCURRENCY)))

    async def run_paced(self, runs: int, *, per_second: float) -> None:
        """
        Make *runs* GETs, one every 1/*per_second*, whether or not the one before has ended.
        """
        loop = asyncio.get_running_loop()
        started = loop.time()
        async with asyncio.TaskGroup() as group:
            for number in range(runs):
                await asyncio.sleep(started + number / per_second - loop.time())
                group.create_task(self._get())

    async def close(self) -> None:
        """
        End every connection.
        """
        await self._session.close()

    async def _work(self, turns: Iterator[int]) -> None:
        for _ in turns:
            await self._get()

    async def _get(self) -> None:
        async with self._session.get(self._url) as response:
            body = await response.read()
            if response.status != 200 or self._must_hold not in body:
                raise AssertionError(f"{self._url} answered {response.status}: {body[:200]!r}")
