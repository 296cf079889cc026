"""
A process that writes numbers into a store and prints each once it is written: ``PATH FIRST COUNT TOGETHER``.

*TOGETHER* works are in flight at a time. SIGTERM ends it after those.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from monitor.logs import configure_logs
from monitor.store import Store
from tests.store.rows import adding

# Damage shows when it is read.
READ_EVERY = 50


async def write_all(path: Path, numbers: Iterator[int], *, together: int) -> None:
    """
    Write *numbers*, and print "opened" before the first one.
    """
    store, stopped = Store.open(path), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    say("opened")

    async def write_some() -> None:
        while not stopped.is_set() and (number := next(numbers, None)) is not None:
            say(await store.write(adding(number)))
            if number % READ_EVERY == 0:
                await store.read(lambda connection: connection.execute("SELECT * FROM writing").fetchall())

    async with asyncio.TaskGroup() as tasks:
        for _ in range(together):
            tasks.create_task(write_some())
    store.close()


def say(word: object) -> None:
    """
    Print *word* past every buffer, so that it is out before the process may be killed.
    """
    os.write(1, f"{word}\n".encode())


if __name__ == "__main__":
    configure_logs()
    where, first, count, together = sys.argv[1:]
    wanted = iter(range(int(first), int(first) + int(count)))
    asyncio.run(write_all(Path(where), wanted, together=int(together)))
