"""
Why no event comes at all: whether another collection's do, and whether the realtime process itself still speaks.

The console's channel ``tests`` gets an event every 5 s from the realtime process itself, past Redis and the database
(``appwrite-protocol.md`` 5.6): while it lives and written documents stay silent, the pub/sub between is dead.
"""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from monitor.appwrite.realtime import CONSOLE, Subscription, subscribe
from monitor.appwrite.rest import Client
from monitor.appwrite.sample import sample_data
from monitor.core.errors import CheckFailed, MonitorError
from monitor.listening.reception import Reception

_TESTS_CHANNEL = "tests"
# One interval of it, and some slack.
_TESTS_SECONDS = 5.5
# Left for the way back to a verdict before the deadline.
_RESERVE_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """
    What was heard meanwhile; None where nobody asked, the asking failed, or there was no time to be sure.
    """

    control_heard: bool | None = None
    tests_heard: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """
    A document yet to be written to another *collection*, of which *reception* would hear.
    """

    collection: str
    document_id: str
    reception: Reception

    async def is_heard(self, key: Client, *, within_seconds: float) -> bool | None:
        """
        Write it with the server *key*, readable to the listener, and return whether its event comes in time.
        """
        run = key.run
        role = f"user:{self.reception.user_id}" if self.reception.user_id else "guests"
        try:
            data = sample_data(await key.get_collection(self.collection), {})
            await key.create_document(self.collection, self.document_id, data, [f'read("{role}")'])
        except MonitorError:
            # That the first event is lost stands, whatever is wrong with this one.
            return None
        wait_seconds = min(within_seconds, run.remaining_seconds() - _RESERVE_SECONDS)
        heard = await self.reception.hear([self.document_id], until_seconds=run.elapsed_seconds() + wait_seconds)
        return heard or (False if wait_seconds >= within_seconds else None)


async def examine(key: Client, control: Control | None, *, within_seconds: float) -> Silence:
    """
    Return what is heard while the events of another collection stay out; the event of *control* has *within_seconds*.
    """
    run = key.run
    async with AsyncExitStack() as stack:
        # Opened first, so that it is listened to while the control is waited for.
        tests = await _open_tests(key, stack)
        tests_until = run.elapsed_seconds() + _TESTS_SECONDS
        control_heard = await control.is_heard(key, within_seconds=within_seconds) if control else None
        if control_heard or tests is None:
            return Silence(control_heard=control_heard)
        tests_heard = await _is_heard(tests, tests_until - run.elapsed_seconds())
        return Silence(control_heard=control_heard, tests_heard=tests_heard)


async def _open_tests(key: Client, stack: AsyncExitStack) -> Subscription | None:
    # Half a look would say nothing.
    if key.run.remaining_seconds() < _TESTS_SECONDS + _RESERVE_SECONDS:
        return None
    try:
        socket = subscribe(key.as_guest(), [_TESTS_CHANNEL], run=key.run, project=CONSOLE)
        return await stack.enter_async_context(socket)
    except MonitorError:
        return None


async def _is_heard(tests: Subscription, wait_seconds: float) -> bool:
    try:
        await tests.next_event(max(0.0, wait_seconds))
    except (TimeoutError, CheckFailed):
        return False
    return True
