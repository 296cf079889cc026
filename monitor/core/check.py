"""
The contract between the engine and a check.

A check is a frozen model whose fields are its parameters, and ``run``. Returning means passed; raising ``CheckFailed``
says no. It touches no clock, metric, log level, retry or alert: ``Run`` is all it is given. A ``Watch`` observes
without end beside it, and reports what changes the moment it does.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Annotated, ClassVar, NoReturn, Protocol

from pydantic import BaseModel, ConfigDict, Field

from monitor.core.cost import Cost
from monitor.core.duration import Duration
from monitor.core.errors import CheckFailed, OwnFault
from monitor.core.identity import Identity
from monitor.core.manifest import Manifest
from monitor.core.run import Run
from monitor.core.severity import Severity
from monitor.core.topic import Topic

# A field that holds the name of a declared identity; the configuration refuses unknown names, and the server key.
IdentityName = Annotated[str, Field(json_schema_extra={"identity": True})]
# The same where only somebody who signs in with e-mail and password will do.
IdentityWithPassword = Annotated[str, Field(json_schema_extra={"identity": True, "identity_kind": "password"})]
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

    # What is well when it passes: how diagnosis knows which check tells two causes apart.
    topics: ClassVar[frozenset[Topic]] = frozenset()

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="the key of the check in the configuration")
    every_seconds: Duration = Field(default=60.0, ge=1.0, description="interval between two runs")
    timeout_seconds: Duration = Field(default=10.0, ge=0.1, description="deadline of a run; shorter than `every`")
    severity: Severity = Field(
        default=Severity.PAGE, description="how urgent its failure is: page, ticket or info; exposure always pages"
    )

    async def run(self, run: Run) -> None:
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

    def objection(
        self,
        manifest: Manifest | None,  # noqa: ARG002 - a hook
        identities: Mapping[str, Identity],  # noqa: ARG002 - a hook
    ) -> str:
        """
        Return why this check cannot be run with *manifest* and as the declared *identities*, as a message of the
        configuration; empty when it can.
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

    def begin(self) -> AbstractContextManager[Run]:
        """
        Give a run for one attempt, or one look: ``with observer.begin() as run:``.

        It measures, its deadline is the check's timeout from now, and what it registered is cleaned up at the end of
        the block, which may be hours later: as long as what the attempt opened is held.
        """

    def passed(self, run: Run) -> None:
        """
        Say that all is well from now on; again whenever that was seen anew.
        """

    def failed(self, run: Run, error: CheckFailed | OwnFault) -> None:
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

    ``every`` is how often what it sees is recorded though nothing changed, so it says something at least that often
    unless it pauses. The engine starts ``watch`` again when it raises, or hangs, after a pause.
    """

    async def watch(self, observer: Observer) -> NoReturn:
        """
        Observe for ever; everything awaited has a deadline, and cancellation ends it.
        """
        raise NotImplementedError
