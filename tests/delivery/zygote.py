"""
Becomes ``monitor`` again and again, as ``tests.kill.zygote`` does, with waits that fit into a life of some seconds.

Nothing but constants differs from what runs elsewhere.
"""

import asyncio
import os
import random
import signal
import time
from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module
from typing import Any

from monitor.store import worker

_ATTEMPT_SECONDS = 0.4
# Module → constant → what it is here. The one of ``base`` is read when the others are imported.
_SHORTER: dict[str, dict[str, object]] = {
    "monitor.alerting.delivery": {
        "_FIRST_PAUSE_SECONDS": 0.05,
        "_LONGEST_PAUSE_SECONDS": 0.4,
        "_LONGEST_WAIT_SECONDS": 0.3,
    },
    "monitor.alerting.service": {"_LOOK_AT_POST_SECONDS": 0.2},
    "monitor.incidents.book": {"_CHANGES_APART": timedelta(seconds=0.3)},
    "monitor.incidents.streak": {"_CALM_SECONDS": 1.0, "_CALM_INTERVALS": 1},
}
# Of whoever writes; an order says how long it is.
_PATIENCE = ("monitor.alerting.scribe", "_PATIENCE_SECONDS")
_SINKS = {"monitor.sinks.pagerduty": "PagerDuty", "monitor.sinks.webhook": "Webhook"}
# What the store is told of incidents and of what waits; the history of runs is no part of it.
_TELLING = ("INSERT OR REPLACE INTO incident", "INSERT OR REPLACE INTO outbox", "DELETE FROM outbox")


def main() -> None:
    """
    Obey, as the other zygote does.
    """
    _set("monitor.sinks.base", "ATTEMPT_SECONDS", _ATTEMPT_SECONDS)
    zygote = import_module("tests.kill.zygote")
    for name, constants in _SHORTER.items():
        for constant, value in constants.items():
            _set(name, constant, value)
    # Seen now, and not in a fork of whose mistakes nobody hears.
    _set(*_PATIENCE, getattr(import_module(_PATIENCE[0]), _PATIENCE[1]))
    for name in _SINKS:
        import_module(name)
    zygote.main(hinder=_hinder)


def _hinder(order: dict[str, Any]) -> None:
    """
    Do what *order* wishes beside the hindrances of the other zygote.
    """
    random.seed(order["seed"])
    for name, sink in _SINKS.items():
        # So often it is said again that an incident is open, as to a receiver that forgets.
        getattr(import_module(name), sink).repeats_seconds = order["repeats_seconds"]
    if patience_seconds := order.get("patience_seconds"):
        _set(*_PATIENCE, patience_seconds)
    if slow_seconds := order.get("reads_in_seconds"):
        _read_slowly(slow_seconds)
    if dies_at_commit := order.get("dies_at_commit"):
        _die_at_commit(*dies_at_commit)


def _set(name: str, constant: str, value: object) -> None:
    # One that has got another name would stay as long as it is.
    module = import_module(name)
    assert hasattr(module, constant), f"{name}.{constant} is gone: give its new name here"
    setattr(module, constant, value)


def _read_slowly(most_seconds: float) -> None:
    """
    Have the disk take up to so long for everything that is read.
    """
    look = worker.look

    def look_slowly(connection: Any, jobs: Sequence[worker.Job]) -> None:
        look(connection, jobs)
        time.sleep(random.uniform(0.0, most_seconds))

    worker.look = look_slowly


def _die_at_commit(number: int, when: str) -> None:
    """
    Have the process killed right *before* or *after* the commit of this *number*, of those that tell of incidents.
    """
    commit = worker.commit
    left, tells = number, False

    def note(statement: str) -> None:
        nonlocal tells
        tells = tells or statement.startswith(_TELLING)
        if statement == "COMMIT" and tells and when == "before":
            count()

    def count() -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
            # What kills is asynchronous by a hair.
            signal.pause()

    def commit_or_die(connection: Any, jobs: Sequence[worker.Job]) -> None:
        nonlocal tells
        tells = False
        connection.set_trace_callback(note)
        commit(connection, jobs)
        if tells and when == "after":
            count()

    worker.commit = commit_or_die


if __name__ == "__main__":
    asyncio.set_event_loop(None)
    main()
