"""
What every journey is configured with: the profile, its two sides, and how often it may write.
"""

import asyncio
from collections.abc import Mapping
from typing import Self

from pydantic import Field, model_validator

from monitor.core.check import Check, IdentityName
from monitor.core.duration import Duration, show_duration
from monitor.core.errors import CheckFailed, fit
from monitor.core.identity import Guest, Identity
from monitor.core.leftover import Remembered
from monitor.core.manifest import Manifest
from monitor.core.run import Run
from monitor.journey.declared import objection_to
from monitor.journey.flow import demand_switched_on, observe
from monitor.journey.profiles import ProfileSetting
from monitor.journey.stage import Stage, stage_of


class Journey(Check):
    """
    A check that plays customer and therapist: a kind says in ``play`` what they do once both pages are open.
    """

    every_seconds: Duration = Field(default=120.0, ge=1.0, description="interval between two runs")
    timeout_seconds: Duration = Field(default=60.0, ge=0.1, description="deadline of a run; shorter than `every`")
    profile: ProfileSetting = Field(description="january, march, or a mapping of one's own, such as {like: march, …}")
    customer: IdentityName = Field(description="who books; a guest where the profile lets guests book")
    therapist: IdentityName = Field(description="who is booked: a test therapist, never a real one")
    event_within_seconds: Duration = Field(default=5.0, ge=0.1, description="later than this an event counts as lost")
    observe_only: bool = Field(default=False, description="never write: only ask what both pages ask when they open")
    write_every_seconds: Duration = Field(default=0.0, description="write in no two runs that are closer than this")
    writes_per_hour: int | None = Field(
        default=None, ge=1, description="write in no more runs than this within an hour"
    )

    @model_validator(mode="after")
    def _leave_time_to_look(self) -> Self:
        if self.event_within_seconds >= self.timeout_seconds:
            within, timeout = show_duration(self.event_within_seconds), show_duration(self.timeout_seconds)
            raise ValueError(
                f"event_within ({within}) must be shorter than timeout ({timeout}): it is one of many waits"
            )
        for name, record in self.profile.records():
            if record.by == "platform" and record.within_seconds >= self.timeout_seconds:
                within, timeout = show_duration(record.within_seconds), show_duration(self.timeout_seconds)
                text = f"within of the profile's {name} ({within}) must be shorter than timeout ({timeout})"
                raise ValueError(f"{text}: or what is missing would be told as a timeout")
        return self

    @model_validator(mode="after")
    def _demand_two(self) -> Self:
        if self.customer == self.therapist:
            raise ValueError(f"customer and therapist are both {self.customer}: a journey needs two")
        return self

    def objection(self, manifest: Manifest | None, identities: Mapping[str, Identity]) -> str:
        if isinstance(identities.get(self.therapist), Guest):
            return f"therapist is the guest {self.therapist!r}: nothing can be shown to him alone: name a user"
        if self.profile.signed_in and isinstance(identities.get(self.customer), Guest):
            return f"profile {self.profile.name!r} lets nobody book who is not signed in: let customer name a user"
        if isinstance(self.profile.share, tuple) and isinstance(identities.get(self.customer), Guest):
            return f"share names roles, and the guest {self.customer!r} holds none: let it be backend or nobody"
        return objection_to(self.profile, manifest) if manifest is not None else ""

    async def run(self, run: Run) -> None:
        async with stage_of(run, self.profile, event_within_seconds=self.event_within_seconds) as stage:
            async with stage.step("sign_in"):
                await stage.sign_in(self.customer, self.therapist)
            async with stage.step("switched_on"):
                await demand_switched_on(stage)
            async with stage.step("find_therapist"):
                await stage.find_therapist()
            async with stage.step("subscribe"):
                await stage.subscribe()
            if await self._may_write(run):
                await self._play(stage)
            else:
                await self._observe(stage)

    async def play(self, stage: Stage) -> None:
        """
        Tell the story, one ``async with stage.step("create_booking"):`` per sentence; only called when it may write.
        """
        raise NotImplementedError

    async def _play(self, stage: Stage) -> None:
        run = stage.run
        try:
            await self.play(stage)
        except CheckFailed as error:
            run.remember(Remembered(failed=error))
            raise
        except asyncio.CancelledError:
            # At its deadline; one that is cancelled before, since the process ends, has found nothing.
            if run.remaining_seconds() <= 0.0:
                run.remember(Remembered(failed=run.overdue()))
            raise
        run.remember(Remembered(degraded=run.degraded))

    async def _observe(self, stage: Stage) -> None:
        async with stage.step("observe"):
            await observe(stage)
            # What only writing shows is as it was when that was done last.
            before = stage.run.remembered()
            if before is None:
                # A process before this one may have found it broken, and that both pages answer proves nothing else.
                stage.run.is_repeat = not self.observe_only
                return
            stage.run.is_repeat = before.failed is not None or before.degraded is not None
            if before.failed is not None:
                raise CheckFailed(before.failed.reason, _as_before(before.failed), **before.failed.evidence)
            if before.degraded is not None:
                stage.run.degrade(before.degraded.reason, _as_before(before.degraded), **before.degraded.evidence)

    async def _may_write(self, run: Run) -> bool:
        if self.observe_only:
            return False
        if not self.write_every_seconds and self.writes_per_hour is None:
            return True
        return await run.may_write(every_seconds=self.write_every_seconds, per_hour=self.writes_per_hour)


def _as_before(found: CheckFailed) -> str:
    return fit(f"{found.message}: so it was when the journey wrote last")
