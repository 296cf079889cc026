"""
What one run in the browser is played on: both visits, the API beside them, and the judgement of each step.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager
from typing import TypeVar

from monitor.appwrite.answers import Document
from monitor.appwrite.errors import AppwriteError
from monitor.browser.guard import Guard
from monitor.browser.judgement import Judge
from monitor.browser.kept_browser import Lease, browser_for
from monitor.browser.refusal import as_refused
from monitor.browser.traffic import Traffic
from monitor.browser.visit import Visit
from monitor.browser.words import Words
from monitor.core.errors import CheckFailed, OwnFault, fit
from monitor.core.identity import User
from monitor.core.leftover import Leftover
from monitor.core.outcome import EvidenceValue
from monitor.core.redaction import excerpt
from monitor.core.reserve import keeping_back
from monitor.journey.profile import reference_in
from monitor.journey.side import Side
from monitor.journey.stage import Stage

# For pictures and the last questions, of the time of a run that fails.
_LAST_SECONDS = 4.0
_LAST_SHARE = 0.1
_MOST_LINES = 30
_LINE_CHARACTERS = 160

T = TypeVar("T")


class Scene:
    """
    *stage* asks the API as both sides and as the backend; nothing is listened to but in the pages.

    *step_within_seconds*: what a page may take for one action; *event_within_seconds*: for showing what the other did.
    """

    def __init__(self, stage: Stage, words: Words, *, step_within_seconds: float, may_change: tuple[str, ...]) -> None:
        self.run = stage.run
        self.stage = stage
        self.words = words
        self.step_within_seconds = step_within_seconds
        self.event_within_seconds = stage.event_within_seconds
        self._may_change = may_change
        self._secrets: list[str] = []
        self.customer: Visit
        self.therapist: Visit

    @property
    def visits(self) -> tuple[Visit, ...]:
        """
        Those that have begun.
        """
        made = (getattr(self, "customer", None), getattr(self, "therapist", None))
        return tuple(visit for visit in made if visit is not None)

    @asynccontextmanager
    async def browser(self, executable: str | None) -> AsyncIterator[Lease]:
        """
        Give the browser; whatever is opened in it is closed at the end.
        """
        async with browser_for(self.run, executable) as lease:
            try:
                yield lease
            finally:
                task = asyncio.current_task()
                if task is not None and not task.cancelling():
                    # Or what is on its way would come after everything was removed.
                    await asyncio.gather(*(visit.end() for visit in self.visits))
                for visit in self.visits:
                    visit.stop()

    async def begin(self, lease: Lease, *, customer: str, therapist: str) -> None:
        """
        Make a page for each, who is signed in there, not yet opened.
        """
        self.customer = self._visit(self.stage.customer, customer)
        self.therapist = self._visit(self.stage.therapist, therapist)
        for visit in self.visits:
            session = await self._session_of(visit)
            self._secrets.append(session)
            try:
                async with asyncio.timeout(self.run.remaining_seconds()):
                    await visit.begin(lease, session=session)
            except TimeoutError:
                raise OwnFault("the browser opened no page in time: see the load of this machine") from None

    def _visit(self, side: Side, identity: str) -> Visit:
        traffic = Traffic()
        guard = Guard(self.run, traffic, name=self._name, may_change=self._may_change)
        return Visit(self.run, side, identity=identity, traffic=traffic, guard=guard)

    async def _session_of(self, visit: Visit) -> str:
        identity = self.run.identities.get(visit.identity)
        if isinstance(identity, User):
            # A JWT would do for the API, and not for the page's sockets.
            return (await self.stage.backend.create_user_session(identity.user_id)).secret
        return visit.side.client.credentials.get("X-Appwrite-Session", "")

    async def _name(self, collection: str) -> str:
        """
        Return the id for what a page is about to make; what the platform may write because of it is written down.
        """
        stage, profile, id_ = self.stage, self.stage.profile, self.run.new_id()
        if collection == profile.booking.collection:
            stage.facts["booking"] = id_
            await self.run.intend(*self._because_of("booking"))
        elif collection == profile.chat.collection:
            stage.facts["chat"] = id_
            await self.run.intend(*self._because_of("chat"))
        return id_

    def _because_of(self, own: str) -> Iterable[Leftover]:
        profile, backend = self.stage.profile, self.stage.backend
        if own == "booking":
            for collection, attribute in profile.traces.items():
                yield backend.trace(collection, attribute, self.stage.facts[own])
            wheres = [(record.collection, record.where) for _, record in profile.records() if record.by == "platform"]
        else:
            wheres = [(message.collection, message.where) for _, message in profile.messages()]
        for collection, where in wheres:
            attribute, of = reference_in(where, (own,))
            if of:
                yield backend.trace(collection, attribute, self.stage.facts[own])

    async def intend_text(self, name: str) -> None:
        """
        Write down that a message with the text of this run may come to be under an id that nobody here chooses.
        """
        for of, message in self.stage.profile.messages():
            if of == name and message.function is not None:
                await self.run.intend(self.stage.backend.trace(message.collection, message.text, self.text_of(name)))

    def text_of(self, name: str) -> str:
        """
        Return the text of the ``message``, or of the ``reply``.
        """
        return self.stage.facts["text" if name == "message" else "reply"]

    @asynccontextmanager
    async def step(self, name: str, objective_seconds: float | None = None) -> AsyncIterator[None]:
        """
        Time one sentence, and judge the pages after it; a failure says in which it was, and what was seen.
        """
        try:
            with keeping_back(self.run, min(_LAST_SECONDS, _LAST_SHARE * self.run.remaining_seconds())):
                async with self.run.step(name, objective_seconds=objective_seconds):
                    yield
                    Judge(stage=self.stage, visits=self.visits).demand_sound()
        except CheckFailed as error:
            raise await self._failure(name, error) from error
        except _library_errors() as error:
            said = str(error).partition("\n")[0]
            raise OwnFault(fit(f"{name}: the browser failed: {excerpt(said, characters=120)}")) from error

    async def _failure(self, name: str, error: CheckFailed) -> CheckFailed:
        # First the pictures, of the pages as they are now.
        pictures = await asyncio.gather(*(visit.picture() for visit in self.visits))
        for visit, picture in zip(self.visits, pictures, strict=True):
            if picture is not None:
                self.run.attach(f"{visit.name}.jpg", picture, media_type="image/jpeg")
        for visit in self.visits:
            await visit.settle()
        meant = await Judge(stage=self.stage, visits=self.visits).meaning(error)
        facts: dict[str, EvidenceValue] = {**meant.evidence, "step": name, "profile": self.stage.profile.name}
        return CheckFailed(meant.reason, fit(f"{name}: {meant.message}"), **facts, **self._sight())

    def _sight(self) -> dict[str, tuple[str, ...]]:
        lines: dict[str, list[str]] = {"console": [], "requests": [], "frames": []}
        for visit in self.visits:
            frames = [str(frame) for frame in visit.traffic.frames()]
            errors = [*visit.traffic.errors, *visit.traffic.misread]
            shown = {"console": errors, "requests": map(str, visit.traffic.calls), "frames": frames}
            for name, texts in shown.items():
                lines[name] += [f"{visit.name}: {text}" for text in list(texts)[-_MOST_LINES:]]
        return {
            name: tuple(excerpt(each[:500], secrets=self._secrets, characters=_LINE_CHARACTERS) for each in texts)
            for name, texts in lines.items()
        }

    @property
    def settling_seconds(self) -> float:
        """
        How long a page that was just loaded may take to show what there is.
        """
        return min(self.step_within_seconds, self.event_within_seconds)

    async def stored_booking(self) -> Document | None:
        """
        Return the booking as the server key sees it; None when it is not there.
        """
        side, collection = Side("backend", self.stage.backend), self.stage.profile.booking.collection
        return await self.asking(self.customer, side.read(collection, self.stage.facts["booking"]))

    async def asking(self, visit: Visit, work: Awaitable[T]) -> T:
        """
        Ask the API on behalf of *visit*: what it refuses is told as refused to his page.
        """
        try:
            return await work
        except AppwriteError as error:
            raise as_refused(error, visit.name, visit.identity) from error


def _library_errors() -> type[BaseException] | tuple[()]:
    # Without the library nothing has raised them; what is raised must not be lost over that.
    loaded = sys.modules.get("playwright.async_api")
    return getattr(loaded, "Error", ())
