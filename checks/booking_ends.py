"""
A booking that the therapist declines, or that nobody answers, ends as it must, and not before.

Two bookings: the therapist declines the first, and the customer must see it. The second is left alone: for as long as
``keep`` it must stay as it was made, since the therapist has five minutes to answer, and jobs that end bookings early
leave no chat to open. Where the profile says what becomes of a booking without an answer (``expiry``), that is waited
for.

Profiles, placeholders and how often it may write are those of ``monitor checks booking_to_chat``.

Talks to:  Appwrite REST and realtime as customer and therapist; with the server key as the platform's backend, and to
           clean up (documents.write, documents.read, users.write)
Steps:     sign_in, switched_on, find_therapist, subscribe, observe (instead of what follows, when it must not write),
           create_booking, find_booking, decline_booking, see_decline, create_second, keep_second, expire_second (only
           when the profile has an expiry)
Fails as:  wrong_answer        the therapist's own query does not show the booking; it changed before anybody answered,
                               or never ended
           permission_missing  one side may not write or read what its part needs
           no_event            the customer got no event of the therapist's answer, though he can read it
           not_found           a collection or the therapist's document is missing
           schema              the collection refuses what its writer writes, such as an unknown status
           unauthorized        the project lives elsewhere: a guest is refused there too
           disabled            the site has switched the flow off: nobody is to be woken
Leaves:    nothing; what is made bears the mark ``synthetic-`` and is written down before. What the platform writes
           because of it is found by the id of ours that it holds, and removed too

Example::

    booking-declined:
      kind: booking_ends
      every: 10m
      timeout: 60s
      profile: march
      customer: customer
      therapist: therapist
      keep: 2s
"""

from typing import Self

from pydantic import Field, model_validator

from monitor.core.cost import Cost, Limited
from monitor.core.duration import Duration, show_duration
from monitor.journey.answer import answer, see_answer
from monitor.journey.booking import book, find_booking
from monitor.journey.ending import expire, keep
from monitor.journey.journey import Journey
from monitor.journey.parts import Answer
from monitor.journey.stage import Stage


class BookingEnds(Journey):
    """
    Books twice: one booking is declined, one is left alone.
    """

    every_seconds: Duration = Field(default=600.0, ge=1.0, description="interval between two runs")
    keep_seconds: Duration = Field(default=30.0, ge=0.1, description="how long a booking must stay as it was made")

    @model_validator(mode="after")
    def _demand_an_end(self) -> Self:
        if self.profile.decline is None:
            raise ValueError(f"profile {self.profile.name!r} does not say how a therapist declines: add decline")
        keep, timeout, expiry = self.keep_seconds, self.timeout_seconds, self.profile.expiry
        if expiry is not None and keep >= expiry.within_seconds:
            text = f"keep ({show_duration(keep)}) must be shorter than the within of the profile's expiry"
            raise ValueError(f"{text} ({show_duration(expiry.within_seconds)}): until then it must end")
        needed = expiry.within_seconds if expiry is not None else keep
        if needed >= timeout:
            what = "the within of the profile's expiry" if expiry is not None else "keep"
            text = f"timeout ({show_duration(timeout)}) must be longer than {what} ({show_duration(needed)})"
            raise ValueError(f"{text}: raise it")
        return self

    def costs(self) -> tuple[Cost, ...]:
        by_customer = 2 * (self.profile.booking.by == "customer")
        return (
            Cost(what=Limited.CREATES, count=by_customer, identity=self.customer),
            Cost(what=Limited.UPDATES, count=1, identity=self.therapist),
            Cost(what=Limited.CONNECTS, count=2),
        )

    async def play(self, stage: Stage) -> None:
        if self.profile.decline is not None:
            await self._decline(stage, self.profile.decline)
        await self._leave_alone(stage)

    async def _decline(self, stage: Stage, how: Answer) -> None:
        profile = stage.profile
        async with stage.step("create_booking", objective_seconds=profile.booking.objective_seconds):
            booking = await book(stage)
        async with stage.step("find_booking", objective_seconds=profile.objectives.query_seconds):
            await find_booking(stage, booking)
        async with stage.step("decline_booking", objective_seconds=how.objective_seconds):
            declined = await answer(stage, booking, how=how)
        async with stage.step("see_decline"):
            await see_answer(stage, declined)

    async def _leave_alone(self, stage: Stage) -> None:
        stage.name_booking()
        async with stage.step("create_second", objective_seconds=stage.profile.booking.objective_seconds):
            booking = await book(stage)
        async with stage.step("keep_second"):
            await keep(stage, booking, for_seconds=self.keep_seconds)
        if stage.profile.expiry is not None:
            async with stage.step("expire_second"):
                await expire(stage, booking, stage.profile.expiry)
