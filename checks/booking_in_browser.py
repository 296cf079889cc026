"""
The path from booking to chat works in the site's own pages, in Chromium, for a customer and a therapist.

Both pages are open at once, each in a browser context of its own, signed in with a session that is ended after the
run. The customer books and chats by the buttons and fields that a person uses; what a page says that it wrote is read
back through the API, and the other page must show it without being loaded again. So a page that is red while the API is
green is told from an API that is red: ``observed`` in the evidence is ``refused`` or ``no_event`` when the server is at
fault, and otherwise names what the page does wrong. A failure comes with a picture of both pages, and the requests,
frames and console errors before it.

Collections and attributes are those of a profile, as with ``booking_to_chat``; what its writers write is the site's own
affair here. Elements are found by what the site has used at some time in both of its languages; other ``words`` can be
given. In the page's address ``{therapist}`` is the id of the therapist's document.

Every new document gets an id with the monitor's mark, whatever id the page chose, and is written down before its
request leaves the browser. Only what the run has made can be changed: whatever else a page tries to change is held
back, unless it is in one of the collections ``may_change``, such as a therapist's own status.

Needs the extra ``browser`` of this program, and a Chromium. While none of these checks has run for five minutes, no
browser runs either; a run takes some 450 MB.

Talks to:  the site in Chromium; Appwrite REST and realtime as its pages do, as customer and therapist to read back, and
           with the server key for their sessions, to read back and to clean up (documents.write, documents.read,
           users.write, users.read)
Steps:     sign_in, find_therapist, open_site, book_now, choose_duration, fill_details, order, chat_opens,
           therapist_sees_booking, accept, customer_sees_acceptance, send_message, therapist_receives, reply,
           customer_receives
Fails as:  wrong_answer        a page is at fault: it asks for what is wrong, writes nothing, or shows not what is there
           no_event            the page listens, the document is there, and no event came
           not_found           the API refused the page: a collection or function is missing
           permission_missing  the API refused the page: it may not write, read or call what its part needs
           schema              the API refused the page: a collection refuses what the page writes
           unauthorized        the API refused the page: its origin is not registered, or its session is not taken
           disabled            the button to book opens WhatsApp: the flow is switched off, nobody is to be woken
Leaves:    nothing; what the pages write, and what the platform writes because of it, is removed, and the sessions ended

Example::

    booking-in-browser:
      kind: booking_in_browser
      every: 5m
      timeout: 60s
      profile: {like: january, chat: {collection: chat_sessions}}
      customer: customer
      therapist: therapist
"""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from monitor.browser.answering import accept, customer_sees_acceptance, therapist_sees_booking
from monitor.browser.booking import book_now, chat_opens, choose_duration, fill_details, open_pages, order
from monitor.browser.chat import receive, send
from monitor.browser.scene import Scene
from monitor.browser.words import Words
from monitor.core.check import Check, IdentityName
from monitor.core.cost import Cost, Limited
from monitor.core.duration import Duration, show_duration
from monitor.core.errors import OwnFault
from monitor.core.identity import Guest, Identity
from monitor.core.manifest import Manifest
from monitor.core.run import Run
from monitor.core.target import AppwriteId
from monitor.journey.profiles import ProfileSetting
from monitor.journey.stage import stage_of

PagePath = Annotated[str, Field(pattern=r"^/[^\s@]*$", max_length=300)]


class BookingInBrowser(Check):
    """
    Books, accepts and chats, in the pages of both sides.
    """

    every_seconds: Duration = Field(default=300.0, ge=1.0, description="interval between two runs")
    timeout_seconds: Duration = Field(default=60.0, ge=0.1, description="deadline of a run; shorter than `every`")
    profile: ProfileSetting = Field(description="january, march, or a mapping of one's own, such as {like: march, …}")
    customer: IdentityName = Field(description="who books; a guest where the site lets guests book")
    therapist: IdentityName = Field(description="who is booked: a test therapist, never a real one")
    customer_page: PagePath = Field(
        default="/#/therapist-profile/{therapist}-synthetic", description="page with the button, below target.site"
    )
    therapist_page: PagePath = Field(default="/#/therapist-bookings", description="dashboard, below target.site")
    event_within_seconds: Duration = Field(
        default=5.0, ge=0.1, description="how soon a page must show what the other side did"
    )
    step_within_seconds: Duration = Field(default=10.0, ge=0.1, description="how long a page may take for one action")
    words: Words = Field(default=Words(), description="by what buttons and fields are known, where the site has others")
    may_change: tuple[AppwriteId, ...] = Field(
        default=(), max_length=20, description="collections in which pages may change documents that are not the run's"
    )
    executable: str | None = Field(
        default=None, description="path of the browser; without one, chromium or google-chrome on PATH"
    )

    @model_validator(mode="after")
    def _leave_time_to_look(self) -> Self:
        for name in ("event_within", "step_within"):
            within = getattr(self, f"{name}_seconds")
            if within >= self.timeout_seconds:
                shown, timeout = show_duration(within), show_duration(self.timeout_seconds)
                raise ValueError(f"{name} ({shown}) must be shorter than timeout ({timeout}): it is one of many waits")
        if self.customer == self.therapist:
            raise ValueError(f"customer and therapist are both {self.customer}: a journey needs two")
        return self

    def costs(self) -> tuple[Cost, ...]:
        # Booking, chat, two messages and a notification; what a function writes, its key does.
        return (
            Cost(what=Limited.CREATES, count=5, identity=self.customer),
            Cost(what=Limited.CREATES, count=1, identity=self.therapist),
            Cost(what=Limited.UPDATES, count=1, identity=self.therapist),
            Cost(what=Limited.CONNECTS, count=4),
        )

    def objection(self, manifest: Manifest | None, identities: Mapping[str, Identity]) -> str:  # noqa: ARG002 - a hook
        if isinstance(identities.get(self.therapist), Guest):
            return f"therapist is the guest {self.therapist!r}, who has no dashboard: name a user"
        if self.profile.signed_in and isinstance(identities.get(self.customer), Guest):
            return f"profile {self.profile.name!r} lets nobody book who is not signed in: let customer name a user"
        return ""

    async def run(self, run: Run) -> None:
        site = run.target.site
        if site is None:
            raise OwnFault("no site to open: set target.site")
        async with stage_of(run, self.profile, event_within_seconds=self.event_within_seconds) as stage:
            scene = Scene(stage, self.words, step_within_seconds=self.step_within_seconds, may_change=self.may_change)
            async with scene.step("sign_in"):
                await stage.sign_in(self.customer, self.therapist)
            async with scene.step("find_therapist"):
                await stage.find_therapist()
            async with scene.browser(self.executable) as lease:
                async with scene.step("open_site"):
                    await scene.begin(lease, customer=self.customer, therapist=self.therapist)
                    await open_pages(
                        scene, site=site, customer_page=self.customer_page, therapist_page=self.therapist_page
                    )
                await self._play(scene)

    async def _play(self, scene: Scene) -> None:
        profile = self.profile
        async with scene.step("book_now"):
            await book_now(scene)
        async with scene.step("choose_duration"):
            await choose_duration(scene)
        async with scene.step("fill_details"):
            await fill_details(scene)
        async with scene.step("order", objective_seconds=profile.booking.objective_seconds):
            await order(scene)
        async with scene.step("chat_opens"):
            await chat_opens(scene)
        async with scene.step("therapist_sees_booking"):
            await therapist_sees_booking(scene)
        async with scene.step("accept", objective_seconds=profile.accept.objective_seconds):
            await accept(scene)
        async with scene.step("customer_sees_acceptance"):
            await customer_sees_acceptance(scene)
        async with scene.step("send_message", objective_seconds=profile.message.objective_seconds):
            await send(scene, "message")
        async with scene.step("therapist_receives"):
            await receive(scene, "message")
        async with scene.step("reply"):
            await send(scene, "reply")
        async with scene.step("customer_receives"):
            await receive(scene, "reply")
