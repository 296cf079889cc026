"""
The contract between the engine and a check.

A check is a frozen model whose fields are its parameters, and ``run``. Returning means passed; raising ``CheckFailed``
says no. It touches no clock, metric, log level, retry or alert: ``Run`` is all it is given. A ``Watch`` observes
without end beside it, and reports what changes the moment it does.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Annotated, NoReturn, ParamSpec, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from monitor.core.clock import Clock
from monitor.core.cost import Cost
from monitor.core.duration import Duration, show_duration
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.identity import Identity
from monitor.core.manifest import Manifest
from monitor.core.outcome import CellState, EventResult, EvidenceValue, Observations, Phase, Reason, Severity, Step
from monitor.core.target import Target
from monitor.core.transport import Transport

P = ParamSpec("P")
T = TypeVar("T")

# Everything that the monitor creates in the target begins so; nothing without it is ever updated or deleted.
MARK = "synthetic-"

# A field that holds the name of a declared identity; the configuration refuses unknown names, and the server key.
IdentityName = Annotated[str, Field(json_schema_extra={"identity": True})]
# The same where the server key may stand in for the platform's backend; never where access is judged.
IdentityOrKey = Annotated[str, Field(json_schema_extra={"identity": True, "server_key": True})]


class Check(BaseModel):
    """
    A configured question about the target; a kind is a subclass in a module of its own.

    A field ``x_seconds`` is written ``x`` in the configuration, since the value there carries its unit (``30s``).
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        allow_inf_nan=False,
        alias_generator=lambda field: field.removesuffix("_seconds"),
    )

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="the key of the check in the configuration")
    every_seconds: Duration = Field(default=60.0, ge=1.0, description="interval between two runs")
    timeout_seconds: Duration = Field(default=10.0, ge=0.1, description="deadline of a run; shorter than `every`")

    async def run(self, run: "Run") -> None:
        """
        Ask once. Return when the target did what was asked; raise ``CheckFailed`` when it did not.
        """
        raise NotImplementedError

    def costs(self) -> tuple[Cost, ...]:
        """
        Return the most that one run sends of what Appwrite limits; for a ``Watch``, that one minute does.

        Neither what the server key does nor how identities sign in is among it.
        """
        return ()

    def objection(self, manifest: Manifest | None) -> str:  # noqa: ARG002 - a hook
        """
        Return why this check cannot be run with *manifest*, as a message of the configuration; empty when it can.
        """
        return ""

    @classmethod
    def kind(cls) -> str:
        """
        Return the name of the kind: its module's.
        """
        return cls.__module__.rpartition(".")[2]


class Observer(Protocol):
    """
    What a watch holds while it observes: fresh runs to act in, and where to say what changed.
    """

    def begin(self) -> "Run":
        """
        Return a run for one attempt, such as to connect: it measures, and its deadline is the check's timeout from now.
        """

    def passed(self, run: "Run") -> None:
        """
        Say that all is well from now on.
        """

    def failed(self, run: "Run", error: CheckFailed | OwnFault) -> None:
        """
        Say what is wrong, the moment it is seen; again while it stays wrong.
        """

    async def pause(self, seconds: float) -> None:
        """
        Let *seconds* pass.
        """


class Watch(Check):
    """
    A check that observes continuously: ``run`` is the single look of ``monitor once``, ``watch`` never ends.

    ``every`` is how often what it sees is recorded though nothing changed. The engine starts ``watch`` again when it
    raises, after a pause.
    """

    async def watch(self, observer: Observer) -> NoReturn:
        """
        Observe for ever; everything awaited has a deadline, and cancellation ends it.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """
    What every run is given: the target and what it is declared to be, who may act on it, the way to it, and the time.
    """

    target: Target
    location: str
    identities: Mapping[str, Identity]
    transport: Transport
    clock: Clock
    manifest: Manifest | None = None


class Run:
    """
    What a check holds while it runs: the target, the way to it, and where to put what it measures.

    Times are seconds since the run began. ``runner.py`` makes one for every run and reads it when the run has ended.
    """

    def __init__(
        self, check: Check, surroundings: Surroundings, *, on_step: Callable[[Step], None] | None = None
    ) -> None:
        self._clock = surroundings.clock
        self.id = secrets.token_hex(8)
        self.started_at = self._clock.now()
        self.target = surroundings.target
        self.identities = surroundings.identities
        self.transport = surroundings.transport
        self.manifest = surroundings.manifest
        self.current_step: str | None = None
        self.steps: list[Step] = []
        self.phases: dict[Phase, float] = {}
        self.degraded: CheckFailed | None = None
        self.clean_ups: list[Callable[[], Awaitable[object]]] = []
        self._deadline_seconds = check.timeout_seconds
        self._started = self._clock.monotonic()
        self._on_step = on_step
        self._deliveries: list[float] = []
        self._events: dict[EventResult, int] = {}
        self._certificate_expires_at: datetime | None = None
        self._cells: dict[CellState, int] = {}
        self._differences: dict[Severity, int] = {}
        self._is_connected: bool | None = None
        self._reconnects = 0

    def step(self, name: str) -> "_StepTimer":
        """
        Time a part of the run: ``async with run.step("create_booking"):``.
        """
        return _StepTimer(self, name)

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

    def observe_phases(self, phases: Mapping[Phase, float]) -> None:
        """
        Add the measured phases (seconds) of one exchange.
        """
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

    def observe_differences(self, counts: Mapping[Severity, int]) -> None:
        """
        Note how many differences from the manifest there are.
        """
        self._differences = {severity: counts.get(severity, 0) for severity in Severity}

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
            self.degrade(Reason.SLOW, f"{what} took {took}, objective {objective}: right, but slow")

    def degrade(self, reason: Reason, message: str, **evidence: EvidenceValue) -> None:
        """
        Call the run ``degraded`` instead of ``passed``, unless it is already; what failed stays failed.
        """
        if self.degraded is None:
            self.degraded = CheckFailed(reason, message, **evidence)

    def clean_up(self, function: Callable[P, Awaitable[object]], *args: P.args, **kwargs: P.kwargs) -> None:
        """
        Have *function* called after the run, whatever its end and also after its deadline; the last one first.

        Register *before* creating what it removes, so that no end of the run can leave it behind.
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

        A thread could not be stopped. *function*, *args* and the answer are pickled.
        """
        from anyio import to_process  # noqa: PLC0415 - 20 ms of import that few checks need

        return await to_process.run_sync(function, *args, cancellable=True)

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


class _StepTimer:
    """
    ``async with`` around a step; a class and not a generator, since every run pays for it.
    """

    __slots__ = ("_name", "_outer", "_run", "_started")

    def __init__(self, run: Run, name: str) -> None:
        self._run = run
        self._name = name

    async def __aenter__(self) -> None:
        self._outer = self._run.current_step
        self._run.current_step = self._name
        self._started = self._run.elapsed_seconds()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run.end_step(
            Step(
                name=self._name,
                started_seconds=self._started,
                duration_seconds=self._run.elapsed_seconds() - self._started,
                passed=kind is None,
            )
        )
        # After a failure the name stays: the outcome says in which step the run ended.
        if kind is None:
            self._run.current_step = self._outer
