"""
The sentences about a booking that nobody answers: it stays as it was made for a while, and then ends.
"""

import asyncio
from collections.abc import Mapping

from monitor.appwrite.failures import failed
from monitor.core.duration import show_duration
from monitor.core.outcome import Reason
from monitor.core.redaction import excerpt
from monitor.journey.answer import demand_unanswered, unanswered
from monitor.journey.booking import Booking, difference
from monitor.journey.parts import Expiry
from monitor.journey.stage import Stage

# Events may get lost; the booking itself does not.
_PAUSE_SECONDS = 1.0


async def keep(stage: Stage, booking: Booking, *, for_seconds: float) -> None:
    """
    See that the booking stays as it was made, until it is so old; a change is told the moment its event comes.
    """
    until, written = booking.sent_seconds + for_seconds, unanswered(stage, booking)

    def is_changed(data: Mapping[str, object]) -> bool:
        return data.get("$id") == booking.id and bool(difference(written, data))

    while True:
        wait_until = min(until, stage.run.elapsed_seconds() + _PAUSE_SECONDS)
        await stage.therapist.hear(booking.collection, is_changed, until_seconds=wait_until)
        await demand_unanswered(stage, booking, by=stage.therapist)
        left = wait_until - stage.run.elapsed_seconds()
        if left > 0:
            # Its socket has ended, or what was changed was changed back.
            await asyncio.sleep(left)
        elif wait_until == until:
            return


async def expire(stage: Stage, booking: Booking, expiry: Expiry) -> None:
    """
    Wait until the platform has ended the booking; raise ``CheckFailed`` when it has not in time.
    """
    until = booking.sent_seconds + expiry.within_seconds
    wanted = stage.filled(expiry.data)
    while True:
        seen = await stage.therapist.read(booking.collection, booking.id)
        key = difference(wanted, seen.data) if seen is not None else next(iter(wanted))
        if seen is not None and not key:
            return
        left = min(until - stage.run.elapsed_seconds(), stage.run.remaining_seconds())
        if left <= 0:
            break
        await asyncio.sleep(min(_PAUSE_SECONDS, left))
    within = show_duration(expiry.within_seconds)
    got = "it is gone, or not for the therapist" if seen is None else repr(excerpt(str(seen.data.get(key))))
    text = f"nobody answered the booking, and {within} after it was made {key} is not {excerpt(str(wanted[key]))!r}"
    raise failed(Reason.WRONG_ANSWER, f"{text} but {got}: see the job that ends bookings", attribute=key)
