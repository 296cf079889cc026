"""
Becomes ``monitor`` again and again: a process that has imported it all, and forks for every order that it reads.

Each fork is a process of its own, with its own memory, files and locks, and is killed as any other; only that the half
second of imports is spent once. An order is a line of JSON on stdin, its answer one on stdout.
"""

import asyncio
import gc
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from monitor import app, cli, daemon, manual, once, sweep_command
from monitor.core.run import _StepTimer
from monitor.registry import load_registry
from monitor.store import database, worker

# Named so that nothing drops the imports for which they are here.
_LOADED = (app, daemon, manual, once, sweep_command)


def main(*, hinder: Callable[[dict[str, Any]], None] = lambda _order: None) -> None:
    """
    Obey until the end of stdin; then nobody that was forked here lives on. *hinder* gets each order, in its fork.
    """
    load_registry()
    gc.freeze()
    alive: set[int] = set()
    # Not by iteration, which reads ahead.
    while line := sys.stdin.readline():
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            alive.discard(order["wait"])
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork()
            if answer == 0:
                _become(order, hinder)
            alive.add(answer)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    for pid in alive:
        os.kill(pid, signal.SIGKILL)


def _become(order: dict[str, Any], hinder: Callable[[dict[str, Any]], None]) -> NoReturn:
    """
    Be ``monitor`` with the ``arguments`` and ``environment`` of *order*, writing to the file ``output``.
    """
    try:
        nothing, output = os.open(os.devnull, os.O_RDONLY), os.open(order["output"], os.O_WRONLY | os.O_CREAT, 0o600)
        for number, descriptor in enumerate((nothing, output, output)):
            os.dup2(descriptor, number)
        os.environ.update(order["environment"])
        sys.argv = ["monitor", *order["arguments"]]
        random.seed()
        if step := order.get("dies_before"):
            _die_before(step)
        if slow_seconds := order.get("slow_seconds"):
            _slow_down(slow_seconds)
        if "room_pages" in order:
            _fill_disk(order["room_pages"])
        hinder(order)
        cli.main()
    finally:
        os._exit(70)


def _die_before(step: str) -> None:
    """
    Have the process killed between the end of the step before *step* and its begin.
    """
    enter = _StepTimer.__aenter__

    async def enter_or_die(timer: _StepTimer) -> None:
        if timer._name == step:
            os.kill(os.getpid(), signal.SIGKILL)
            # What kills is asynchronous by a hair.
            signal.pause()
        await enter(timer)

    _StepTimer.__aenter__ = enter_or_die  # type: ignore[method-assign, assignment]


def _slow_down(most_seconds: float) -> None:
    """
    Have the disk take up to so long for every transaction of the store.
    """
    commit = worker.commit

    def commit_slowly(connection: Any, jobs: Any) -> None:
        time.sleep(random.uniform(0.0, most_seconds))
        commit(connection, jobs)
        time.sleep(random.uniform(0.0, most_seconds))

    worker.commit = commit_slowly


def _fill_disk(room_pages: int) -> None:
    """
    Have the disk be full for the store once it has grown by so many pages.
    """
    connect = database._connect

    def connect_to_full(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection = connect(*args, **kwargs)
        [(pages,)] = connection.execute("PRAGMA page_count")
        connection.execute(f"PRAGMA max_page_count = {pages + room_pages}")
        return connection

    database._connect = connect_to_full


if __name__ == "__main__":
    asyncio.set_event_loop(None)
    main()
