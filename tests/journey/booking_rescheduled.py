"""
A customer puts a booking off, and the therapist sees the new time.

As somebody else's package would write it: one file, of the sentences that there are.

Talks to:  Appwrite REST and realtime as customer and therapist; with the server key as the platform's backend, and to
           clean up (documents.write, documents.read, users.write)
Steps:     sign_in, find_therapist, subscribe, observe (instead of what follows, when it must not write),
           create_booking, find_booking, put_off, see_new_time
Fails as:  wrong_answer        the therapist's query does not show the booking, or he reads another time
           permission_missing  one side may not write or read what its part needs
           no_event            the therapist got no event of the new time, though he can read it
           not_found           a collection or the therapist's document is missing
           schema              the collection refuses what its writer writes
           unauthorized        the project lives elsewhere
Leaves:    nothing; the booking bears the mark ``synthetic-`` and is written down before

Example::

    booking-put-off:
      kind: booking_rescheduled
      every: 10m
      profile: march
      customer: customer
      therapist: therapist
      put_off: {startsAt: "{deadline}"}
"""

from collections.abc import Mapping

from pydantic import Field

from monitor.core.cost import Cost, Limited
from monitor.journey.answer import change, see_change
from monitor.journey.booking import book, find_booking
from monitor.journey.journey import Journey
from monitor.journey.parts import Key, Value
from monitor.journey.stage import Stage


class BookingRescheduled(Journey):
    """
    Books, and puts it off.
    """

    put_off: Mapping[Key, Value] = Field(min_length=1, description="attribute → value that the customer changes")

    def costs(self) -> tuple[Cost, ...]:
        return (
            Cost(what=Limited.CREATES, count=1, identity=self.customer),
            Cost(what=Limited.UPDATES, count=1, identity=self.customer),
            Cost(what=Limited.CONNECTS, count=2),
        )

    async def play(self, stage: Stage) -> None:
        async with stage.step("create_booking"):
            booking = await book(stage)
        async with stage.step("find_booking"):
            await find_booking(stage, booking)
        async with stage.step("put_off"):
            booking = await change(stage, booking, by=stage.customer, data=self.put_off)
        async with stage.step("see_new_time"):
            await see_change(stage, booking, side=stage.therapist, what="the new time")
