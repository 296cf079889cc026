"""
The path from booking to chat, played by a customer and a therapist through the API.

Each side is an identity with a socket of its own, and asks and listens as its own page does: so a booking that nobody
finds, an event that only its writer gets and a message in another conversation are seen, and the message says which
side saw what. The collections, attributes and values are those of a profile: ``january``, ``march``, or one's own::

    profile:
      like: march
      dashboard: {collection: bookings, where: {therapistId: null, providerId: "{therapist}"}}

What is nothing (``null``) is left out of what it is like. Values may hold placeholders, which are filled for each run:
``{customer}``, ``{therapist}``, ``{therapist_user}``, ``{booking}``, ``{chat}``, ``{text}``, ``{reply}``, ``{now}``,
``{start}``, ``{deadline}``, ``{whatsapp}``. With a manifest, a profile that does not fit it is refused before the first
run.

A document that both must see is shared by its writer (``share: ["team:ID"]``, a role that both hold), by the platform's
backend, which the monitor plays with the server key, or by nobody, where the collections' permissions do it. To a guest
nothing is sent back: what a guest may read, anybody may.

Where a production must not be written to so often, ``write_every`` and ``writes_per_hour`` bound it, across restarts
too: the runs between only observe, that is ask what both pages ask when they are opened, and otherwise repeat what was
found when the journey wrote last. A run of the example makes 29 requests, 11 of them to remove the 5 documents that
came to be, and opens 2 sockets; one that observes makes 8.

Talks to:  Appwrite REST and realtime as customer and therapist; with the server key as the platform's backend, and to
           clean up (documents.write, documents.read, users.write)
Steps:     sign_in, switched_on, find_therapist, subscribe, observe (instead of what follows, when it must not write),
           create_booking, find_booking, receive_booking, open_chat, send_message, receive_message, read_message,
           send_reply, receive_reply, read_reply, notification, accept_booking, see_acceptance
Fails as:  wrong_answer        one side's own query or filter does not show what the other wrote; a function refused the
                               message; the booking changed before anybody answered
           permission_missing  one side may not write, read or call what its part needs
           no_event            an event stayed out, though the side may read what it is about
           not_found           a collection, the chat's record, the notification or the therapist's document is missing
           schema              a collection refuses what its writer writes, such as an unknown status
           unauthorized        the project lives elsewhere: a guest is refused there too
           disabled            the site has switched the flow off: nobody is to be woken
Leaves:    nothing; what is made bears the mark ``synthetic-`` and is written down before. What the platform writes
           because of it is found by the id or text of ours that it holds, and removed too

Example::

    booking-to-chat:
      kind: booking_to_chat
      every: 2m
      timeout: 60s
      profile: march
      customer: customer
      therapist: therapist
      write_every: 2m
      writes_per_hour: 30
"""

from monitor.core.cost import Cost, Limited
from monitor.journey.answer import answer, see_answer
from monitor.journey.booking import book, find_booking, hear_booking
from monitor.journey.chat import open_chat
from monitor.journey.journey import Journey
from monitor.journey.message import hear_message, read_message, send
from monitor.journey.notice import notify
from monitor.journey.stage import Stage
from monitor.journey.traces import of_chat, of_notification


class BookingToChat(Journey):
    """
    Books, chats and accepts, as both sides.
    """

    def costs(self) -> tuple[Cost, ...]:
        profile = self.profile
        # What a function writes, its key does.
        written = [record.by == "customer" for _, record in profile.records()] + [profile.message.function is None]
        answered = profile.reply is not None and profile.reply.function is None
        return (
            Cost(what=Limited.CREATES, count=sum(written), identity=self.customer),
            Cost(what=Limited.CREATES, count=int(answered), identity=self.therapist),
            Cost(what=Limited.UPDATES, count=1, identity=self.therapist),
            Cost(what=Limited.CONNECTS, count=2),
        )

    async def play(self, stage: Stage) -> None:
        profile = stage.profile
        async with stage.step("create_booking", objective_seconds=profile.booking.objective_seconds):
            booking = await book(stage, *of_chat(stage), *of_notification(stage))
        async with stage.step("find_booking", objective_seconds=profile.objectives.query_seconds):
            await find_booking(stage, booking)
        async with stage.step("receive_booking"):
            await hear_booking(stage, booking)
        async with stage.step("open_chat"):
            await open_chat(stage, booking)
        async with stage.step("send_message", objective_seconds=profile.message.objective_seconds):
            message = await send(stage, "message")
        async with stage.step("receive_message"):
            await hear_message(stage, message)
        async with stage.step("read_message", objective_seconds=profile.objectives.query_seconds):
            await read_message(stage, message)
        if profile.reply is not None and not stage.customer.is_guest:
            async with stage.step("send_reply", objective_seconds=profile.reply.objective_seconds):
                reply = await send(stage, "reply")
            async with stage.step("receive_reply"):
                await hear_message(stage, reply)
            async with stage.step("read_reply", objective_seconds=profile.objectives.query_seconds):
                await read_message(stage, reply)
        if profile.notification is not None:
            async with stage.step("notification"):
                await notify(stage, booking, profile.notification)
        async with stage.step("accept_booking", objective_seconds=profile.accept.objective_seconds):
            accepted = await answer(stage, booking, how=profile.accept)
        async with stage.step("see_acceptance"):
            await see_answer(stage, accepted)
