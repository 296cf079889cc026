"""
Hears signals in a thread of its own, so that they count also while the event loop is blocked.

A loop's own handlers wait until it turns. What happens at once, whatever the main thread does, is that Python's handler
in C writes the signal's number to the wakeup descriptor; the thread here reads it. Masks and ``sigwait`` would do the
same, but a child process inherits its mask, and a tool that a check starts could not be ended any more.

The loop must not have signal handlers of its own meanwhile: they would take the descriptor.
"""

import asyncio
import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import NoReturn

import structlog

log = structlog.get_logger()

_STOPPING = (signal.SIGTERM, signal.SIGINT)
# What the last line may take: the log itself may be what blocks.
_LAST_LINE_SECONDS = 0.5


class Signals:
    """
    Calls *on_stop* on the loop at the first SIGTERM or SIGINT and *on_reload* at every SIGHUP; a second signal to stop
    ends the process at once, from the thread.

    Start and close it in the main thread, within the running loop.
    """

    def __init__(self, *, on_stop: Callable[[signal.Signals], None], on_reload: Callable[[], None]) -> None:
        self._on_stop = on_stop
        self._on_reload = on_reload
        self._stop_signal: signal.Signals | None = None
        self._tidying = contextlib.ExitStack()

    @property
    def stop_signal(self) -> signal.Signals | None:
        """
        The signal that asked to stop, also when the loop has not heard of it yet.
        """
        return self._stop_signal

    def start(self) -> None:
        """
        Hear signals from here on.
        """
        loop = asyncio.get_running_loop()
        reader, writer = socket.socketpair()
        writer.setblocking(False)
        thread = threading.Thread(target=self._listen, args=(reader, loop), name="signals", daemon=True)
        thread.start()
        # Undone from the bottom up: at no moment is a signal taken and not heard.
        self._tidying.callback(thread.join, timeout=1.0)
        self._tidying.callback(writer.close)
        before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        self._tidying.callback(signal.set_wakeup_fd, before)
        for number in (*_STOPPING, signal.SIGHUP):
            self._tidying.callback(signal.signal, number, signal.signal(number, _heard_already))
            # A system call in a check's C code goes on as if nothing had happened.
            signal.siginterrupt(number, False)

    def close(self) -> None:
        """
        Give the signals back to whoever had them before.
        """
        self._tidying.close()

    def _listen(self, reader: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
        with reader:
            while numbers := reader.recv(64):
                for number in numbers:
                    self._hear(number, loop)

    def _hear(self, number: int, loop: asyncio.AbstractEventLoop) -> None:
        # A loop that is closed stops anyway.
        with contextlib.suppress(RuntimeError):
            if number == signal.SIGHUP:
                loop.call_soon_threadsafe(self._on_reload)
            elif number in _STOPPING and self._stop_signal is None:
                self._stop_signal = signal.Signals(number)
                loop.call_soon_threadsafe(self._on_stop, self._stop_signal)
            elif number in _STOPPING:
                end_at_once(signal.Signals(number))


def end_at_once(number: signal.Signals) -> NoReturn:
    """
    End the process as *number* asked, with 128 + *number*, whatever the loop does.
    """
    code = 128 + number
    last_resort = threading.Timer(_LAST_LINE_SECONDS, os._exit, [code])
    last_resort.daemon = True
    last_resort.start()
    try:
        log.warning("daemon.killed", signal=number.name)
    finally:
        os._exit(code)


def _heard_already(_number: int, _frame: object) -> None:
    # A signal without a handler in Python would not reach the wakeup descriptor.
    return
