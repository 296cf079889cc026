"""
What a failure means: first what the pages asked for, then what they were refused, and only then what they did.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.appwrite.errors import AppwriteError
from monitor.browser.observed import BEHAVIOUR, Observed
from monitor.browser.refusal import as_refused, refused, refused_write
from monitor.browser.visit import Visit
from monitor.browser.wiring import STORM_SECONDS, Wiring, misdirected, miswired
from monitor.core.errors import CheckFailed, MonitorError, OwnFault, fit
from monitor.core.outcome import EvidenceValue, Reason
from monitor.core.reserve import keeping_back
from monitor.journey.stage import Stage

_SHARE_FOR_TELLING = 0.3
# What may still be something else: what the pages asked for, or were refused, goes before it.
_TO_BE_LOOKED_INTO = {*BEHAVIOUR, Observed.REFUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """
    Judges the *visits* of one run, as far as they have begun; *stage* is where the API can be asked.
    """

    stage: Stage
    visits: Sequence[Visit]

    def demand_sound(self) -> None:
        """
        Raise ``CheckFailed`` when a page asks for what cannot be, or was refused what the story writes.

        Whatever a page shows: much of it goes on beside one wrong id, or one refusal.
        """
        wiring = self._wiring()
        for visit in self.visits:
            error = miswired(visit.name, visit.traffic, wiring)
            if error is None and (found := refused_write(visit.name, visit.identity, visit.traffic, wiring)):
                error = found
            if error is not None:
                raise error

    async def meaning(self, error: CheckFailed) -> CheckFailed:
        """
        Return *error*, or what is beneath it; raise ``OwnFault`` when that is the monitor, which held something back.
        """
        observed = error.evidence.get("observed")
        if observed is None and isinstance(error, AppwriteError):
            return as_refused(error, self._side_of(error), str(error.evidence.get("identity")))
        if observed == Observed.UNDEFINED_CHANNEL:
            return await self._grown(error)
        is_open = observed in _TO_BE_LOOKED_INTO if observed is not None else error.reason is Reason.TIMEOUT
        if not is_open:
            return error
        found = self._asked_wrongly(str(error.evidence.get("side")))
        if found is None and observed == Observed.REFUSED:
            found = await self._refined(error)
        elif found is None:
            found = await self._beneath(error)
        return found or error

    async def _grown(self, error: CheckFailed) -> CheckFailed:
        # The first socket of a storm is no storm yet.
        await asyncio.sleep(min(STORM_SECONDS, self.stage.run.remaining_seconds() / 2))
        return self._asked_wrongly(str(error.evidence.get("side"))) or error

    def _asked_wrongly(self, side: str) -> CheckFailed | None:
        wiring, tokens = self._wiring(), (self.stage.facts["text"], self.stage.facts["reply"])
        order = self._beginning_with(side)
        flaws = [miswired(visit.name, visit.traffic, wiring) for visit in order]
        flaws += [misdirected(visit.name, visit.traffic, wiring, tokens=tokens) for visit in order]
        return next((flaw for flaw in flaws if flaw is not None), None)

    async def _beneath(self, error: CheckFailed) -> CheckFailed | None:
        wiring = self._wiring()
        for visit in self._beginning_with(str(error.evidence.get("side"))):
            now, is_guest = self.stage.run.elapsed_seconds(), visit.side.is_guest
            found = refused(visit.name, visit.identity, visit.traffic, wiring, is_guest=is_guest, now_seconds=now)
            if found is not None:
                return await self._refined(found)
        self._demand_nothing_held_back()
        return await self._api_fault() if "observed" in error.evidence else None

    async def _refined(self, found: CheckFailed) -> CheckFailed:
        # What a function answers says little: the collection into which it writes may say why.
        if not found.evidence.get("function") or found.evidence.get("type"):
            return found
        return await self._api_fault(function=found.evidence.get("function")) or found

    def _demand_nothing_held_back(self) -> None:
        for visit in self.visits:
            if visit.guard.fault is not None:
                raise visit.guard.fault
            if visit.traffic.held_back:
                text = f"the {visit.name}'s page stopped after the monitor held back {visit.traffic.held_back[0]}"
                raise OwnFault(fit(f"{text}: if that is harmless, add its collection to may_change"))

    async def _api_fault(self, **facts: EvidenceValue) -> CheckFailed | None:
        """
        Ask the API what the therapist's page asks: return its refusal, None when it is well.
        """
        profile, therapist, run = self.stage.profile, self.stage.therapist, self.stage.run
        for part in (profile.dashboard, profile.message):
            try:
                # What is found out by then must still be told.
                with keeping_back(run, _SHARE_FOR_TELLING * run.remaining_seconds()):
                    await therapist.find(part.collection, self.stage.filled(part.where))
            except AppwriteError as error:
                identity = therapist.client.identity
                return as_refused(error, therapist.name, identity, collection=part.collection, **facts)
            except MonitorError:
                return None
        return None

    def _side_of(self, error: CheckFailed) -> str:
        therapist = getattr(self.stage, "therapist", None)
        is_his = therapist is not None and error.evidence.get("identity") == therapist.client.identity
        return "therapist" if is_his else "customer"

    def _beginning_with(self, side: str) -> list[Visit]:
        return sorted(self.visits, key=lambda visit: visit.name != side)

    def _wiring(self) -> Wiring:
        """
        Return what the pages must ask for.
        """
        profile, facts = self.stage.profile, self.stage.facts
        concepts = {
            "bookings": profile.booking.collection,
            "dashboard": profile.dashboard.collection,
            "chat": profile.chat.collection,
            "messages": profile.message.collection,
        }
        concepts |= {"notifications": profile.notification.collection} if profile.notification else {}
        concepts |= {"therapists": profile.therapist.collection} if profile.therapist else {}
        listed = {
            key: str(value)
            for key, value in self.stage.filled(profile.dashboard.where).items()
            if value in facts.values()
        }
        return Wiring(
            project=self.stage.run.target.project,
            concepts=concepts,
            booked=frozenset(profile.booking.data),
            listed=listed,
        )
