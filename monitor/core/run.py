"""
One execution of a check: what it acts with, and where it puts what it measures.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import ParamSpec, TypeVar

from monitor.core.budget import UNLIMITED, Budget
from monitor.core.clock import Clock
from monitor.core.duration import show_duration
from monitor.core.errors import CheckFailed
from monitor.core.identity import Identity
from monitor.core.leftover import MARK, UNJOURNALED, Fate, Journal, Leftover, Remembered
from monitor.core.manifest import Manifest
from monitor.core.outcome import (
    Attachment,
    CellState,
    EventResult,
    EvidenceValue,
    Impact,
    Observations,
    Phase,
    Reason,
    Step,
)
from monitor.core.target import Target
from monitor.core.transport import Transport

P = ParamSpec("P")
T = TypeVar("T")

# A run keeps no more than a few pictures of a page.
_MOST_ATTACHMENTS = 8
_MOST_ATTACHED_BYTES = 512 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """
    What every run is given: the target and what it is declared to be, who may act on it, the way to it, the time, its
    share of what may be sent, and where it writes down what it is about to make.
    """

    target: Target
    location: str
    identities: Mapping[str, Identity]
    transport: Transport
    clock: Clock
    manifest: Manifest | None = None
    budget: Budget = UNLIMITED
    journal: Journal = UNJOURNALED


class Run:
    """
    What a check holds while it runs: the target, the way to it, and where to put what it measures.

    Times are seconds since the run began. ``runner.py`` makes one for every run and reads it when the run has ended.
    *check* is the name of the check, empty where nobody checks. *leftovers* holds all that it may have made, and what
    is known of each. *confirms*: it is the second look at a failure. *is_repeat*: see ``Outcome``.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        *,
        timeout_seconds: float,
        check: str = "",
        on_step: Callable[[Step], None] | None = None,
        confirms: bool = False,
    ) -> None:
        self._clock = surroundings.clock
        self.id = secrets.token_hex(8)
        self.check = check
        self.is_repeat = False
        self.started_at = self._clock.now()
        self.target = surroundings.target
        self.identities = surroundings.identities
        self.transport = surroundings.transport
        self.manifest = surroundings.manifest
        self.current_step: str | None = None
        self.steps: list[Step] = []
        self.phases: dict[Phase, float] = {}
        # Until the first byte of it, once a request was sent.
        self.slowest_answer_seconds = 0.0
        self.degraded: CheckFailed | None = None
        self.noted: dict[str, EvidenceValue] = {}
        self.attachments: list[Attachment] = []
        self.leftovers: dict[Leftover, Fate] = {}
        # What was seen to be made at some time, whatever was tried with it since: it is known to be ours.
        self.made: set[Leftover] = set()
        self.clean_ups: list[Callable[[], Awaitable[object]]] = []
        self._journal = surroundings.journal
        self._deadline_seconds = timeout_seconds
        self._started = self._clock.monotonic()
        self._on_step = on_step
        self._confirms = confirms
        self._deliveries: list[float] = []
        self._events: dict[EventResult, int] = {}
        self._certificate_expires_at: datetime | None = None
        self._cells: dict[CellState, int] = {}
        self._differences: dict[Impact, int] = {}
        self._is_connected: bool | None = None
        self._reconnects = 0

    def step(self, name: str, *, objective_seconds: float | None = None) -> AbstractAsyncContextManager[None]:
        """
        Time a part of the run: ``async with run.step("create_booking"):``; slower than its objective it is degraded.
        """
        return _StepTimer(self, name, objective_seconds)

    def elapsed_seconds(self) -> float:
        """
        Return the seconds since the run began.
        """
        return self._clock.monotonic() - self._started

    def remaining_seconds(self) -> float:
        """
        Return the seconds until the deadline of the run, at least 0.
        """
        return max(0.0, self._deadline_seconds - self.elapsed_seconds())

    def extend(self, seconds: float) -> None:
        """
        Move the deadline to *seconds* from now: clean-up has a budget of its own, also after a deadline that passed.
        """
        self._deadline_seconds = self.elapsed_seconds() + seconds

    def overdue(self) -> CheckFailed:
        """
        Return the failure of a run that was cut off at its deadline.
        """
        where = f" in step {self.current_step!r}" if self.current_step else ""
        limit = show_duration(self._deadline_seconds)
        return CheckFailed(Reason.TIMEOUT, f"still waiting{where} at the deadline of {limit}")

    def observe_phases(self, phases: Mapping[Phase, float]) -> None:
        """
        Add the measured phases (seconds) of one exchange.
        """
        self.slowest_answer_seconds = max(self.slowest_answer_seconds, phases.get(Phase.FIRST_BYTE, 0.0))
        for phase, seconds in phases.items():
            self.phases[phase] = self.phases.get(phase, 0.0) + seconds

    def observe_event(self, result: EventResult, *, delivery_seconds: float | None = None) -> None:
        """
        Count what became of one event that this run caused, with its time from write to arrival if it arrived.
        """
        self._events[result] = self._events.get(result, 0) + 1
        if delivery_seconds is not None:
            self._deliveries.append(delivery_seconds)

    def observe_certificate(self, expires_at: datetime | None) -> None:
        """
        Note when the certificate of the server that answered ends.
        """
        self._certificate_expires_at = expires_at or self._certificate_expires_at

    def observe_cells(self, counts: Mapping[CellState, int]) -> None:
        """
        Note how many cells of a permission matrix are right, missing or in excess.
        """
        self._cells = {state: counts.get(state, 0) for state in CellState}

    def observe_differences(self, counts: Mapping[Impact, int]) -> None:
        """
        Note how many differences from the manifest there are.
        """
        self._differences = {impact: counts.get(impact, 0) for impact in Impact}

    def observe_connection(self, *, is_open: bool, reconnects: int = 0) -> None:
        """
        Note whether a held socket is open, and how often it was opened again since this was last noted.
        """
        self._is_connected = is_open
        self._reconnects += reconnects

    def hold_to(self, objective_seconds: float | None, *, took_seconds: float, what: str) -> None:
        """
        Call the run ``degraded`` instead of ``passed`` when *what* took longer than its objective.
        """
        if objective_seconds is not None and took_seconds > objective_seconds:
            took, objective = show_duration(took_seconds), show_duration(objective_seconds)
            self.degrade(
                Reason.SLOW,
                f"{what} took {took}, objective {objective}: right, but slow",
                took_seconds=round(took_seconds, 6),
                objective_seconds=objective_seconds,
            )

    def degrade(self, reason: Reason, message: str, **evidence: EvidenceValue) -> None:
        """
        Call the run ``degraded`` instead of ``passed``, unless it is already; what failed stays failed.
        """
        if self.degraded is None:
            self.degraded = CheckFailed(reason, message, **evidence)

    def note(self, **evidence: EvidenceValue) -> None:
        """
        Put facts into the evidence of the outcome, however the run ends; those of a failure come on top.
        """
        self.noted |= evidence

    def attach(self, name: str, content: bytes, *, media_type: str) -> None:
        """
        Keep *content* for the evidence bundle; what is larger than 512 KiB, or more than eight of them, is left out.
        """
        if len(self.attachments) < _MOST_ATTACHMENTS and len(content) <= _MOST_ATTACHED_BYTES:
            self.attachments.append(Attachment(name=name, media_type=media_type, content=content))

    async def intend(self, *leftovers: Leftover) -> None:
        """
        Write down what is about to be made, before it is: it is removed after the run, whatever its end.

        What was written down before is not again. Whoever makes the request says with ``settle`` what came of it.
        """
        new = [each for each in leftovers if each not in self.leftovers]
        # It may be written down though this does not come to its end: then it is to be struck out.
        self.leftovers |= dict.fromkeys(new, Fate.NOTHING)
        if new:
            await self._journal.intend(self, new)
        self.leftovers |= {each: Fate.INTENDED for each in leftovers if self.leftovers[each] is Fate.NOTHING}

    def settle(self, leftover: Leftover, fate: Fate) -> None:
        """
        Note what is known by now of *leftover*, which was intended.
        """
        if fate is Fate.MADE:
            self.made.add(leftover)
        self.leftovers[leftover] = fate

    async def may_write(self, *, every_seconds: float, per_hour: int | None = None) -> bool:
        """
        Return whether this run may write: its check did not within *every_seconds*, nor so often within the hour.

        Asked once a run: one that may has been counted, and survives the process. One that is to confirm a failure need
        not wait for its turn, but is counted as well.
        """
        pause_seconds = 0.0 if self._confirms else every_seconds
        return await self._journal.claim(self, every_seconds=pause_seconds, per_hour=per_hour)

    def remember(self, finding: Remembered) -> None:
        """
        Keep what was found by writing, for the runs of this check that may not write.
        """
        self._journal.remember(self, finding)

    def remembered(self) -> Remembered | None:
        """
        Return what a run of this check found that wrote last; None when this process does not know.
        """
        return self._journal.remembered(self)

    def clean_up(self, function: Callable[P, Awaitable[object]], *args: P.args, **kwargs: P.kwargs) -> None:
        """
        Have *function* called once after the run, whatever its end and also after its deadline; the last one first.

        For what only this run can undo. What can be said as a ``Leftover`` is intended instead, and survives a crash.
        """
        self.clean_ups.append(lambda: function(*args, **kwargs))

    def new_id(self) -> str:
        """
        Return an id for something to create in the target, bearing the monitor's mark and the run's id.
        """
        # Five random bytes fill what Appwrite allows: 10 + 16 + 10 = 36 characters.
        return f"{MARK}{self.id}{secrets.token_hex(5)}"

    async def in_process(self, function: Callable[..., T], *args: object) -> T:
        """
        Call a blocking *function* in a process of its own, which is killed when the run ends first.

        A thread could not be stopped. *function*, *args* and the answer are pickled. Processes are kept for the next
        call; a new one takes half a second to start.
        """
        from anyio import CapacityLimiter, to_process  # noqa: PLC0415 - 20 ms of import that few checks need

        # As many as there are runs, which are limited: nobody's deadline passes in a queue for the processors.
        return await to_process.run_sync(function, *args, cancellable=True, limiter=CapacityLimiter(1))

    def observations(self) -> Observations:
        """
        Return what was measured beside the steps.
        """
        return Observations(
            delivery_seconds=tuple(self._deliveries),
            events=dict(self._events),
            certificate_expires_at=self._certificate_expires_at,
            permission_cells=self._cells,
            schema_differences=self._differences,
            is_connected=self._is_connected,
            reconnects=self._reconnects,
        )

    def end_step(self, step: Step) -> None:
        """
        Keep a step that has ended; called by the step itself.
        """
        self.steps.append(step)
        if self._on_step is not None:
            self._on_step(step)


class _StepTimer(AbstractAsyncContextManager[None]):
    """
    ``async with`` around a step; a class and not a generator, since every run pays for it.
    """

    __slots__ = ("_name", "_objective_seconds", "_outer", "_run", "_started")

    def __init__(self, run: Run, name: str, objective_seconds: float | None) -> None:
        self._run = run
        self._name = name
        self._objective_seconds = objective_seconds

    async def __aenter__(self) -> None:
        self._outer = self._run.current_step
        self._run.current_step = self._name
        self._started = self._run.elapsed_seconds()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        took_seconds = self._run.elapsed_seconds() - self._started
        self._run.end_step(
            Step(
                name=self._name,
                started_seconds=self._started,
                duration_seconds=took_seconds,
                passed=kind is None,
            )
        )
        # After a failure the name stays: the outcome says in which step the run ended.
        if kind is None:
            self._run.current_step = self._outer
            self._run.hold_to(self._objective_seconds, took_seconds=took_seconds, what=f"step {self._name}")
