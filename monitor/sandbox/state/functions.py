"""
Functions and their executions, and the worker that runs what need not be waited for.
"""

from dataclasses import dataclass, field

from monitor.sandbox.state.worker import Worker

# Beyond it the oldest execution is forgotten.
MAX_EXECUTIONS = 5_000


@dataclass(slots=True, kw_only=True)
class Function:
    """
    One function; *runs* names the handler of its code, *execute* holds the roles that may call it.

    *deployment_id* is empty while nothing is deployed, *build* is what became of it. *takes_seconds* is how long a run
    seems to last.
    """

    id: str
    name: str
    runs: str
    created_at: str
    execute: tuple[str, ...] = ()
    deployment_id: str = ""
    build: str = "ready"
    enabled: bool = True
    timeout_seconds: int = 15
    takes_seconds: float = 0.004


@dataclass(slots=True, kw_only=True)
class Execution:
    """
    One execution; *readers* are the roles that may see it beside server keys.
    """

    id: str
    function_id: str
    deployment_id: str
    created_at: str
    updated_at: str
    readers: tuple[str, ...]
    method: str
    path: str
    status: str
    trigger: str = "http"
    status_code: int = 0
    logs: str = ""
    errors: str = ""
    duration_seconds: float = 0.0
    scheduled_at: str | None = None


@dataclass(slots=True, kw_only=True)
class Functions:
    """
    All functions of the project by id, and the executions of all of them by id.
    """

    by_id: dict[str, Function] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
    worker: Worker = field(default_factory=Worker)

    def add(self, execution: Execution) -> None:
        """
        Keep an execution, and forget the oldest one beyond ``MAX_EXECUTIONS``.
        """
        self.executions[execution.id] = execution
        if len(self.executions) > MAX_EXECUTIONS:
            del self.executions[next(iter(self.executions))]
