"""
A function runs, for the identities that must be able to call it and for no other, and answers as expected.

An execution that completed proves little: the answer of the function itself may be a refusal, 4xx inside a 201. And
what members may call, guests may not: so each identity that matters calls it, with a body that means the same to all.

The body must be one that leaves nothing: what a function writes does not bear the monitor's mark, and so is never
removed by it. A body that the function refuses is best. The example sends a phone number to the filter of a chat, which
must refuse it with 400: that proves the filter lives, for guests and members, and no message comes to be. Where the
platform counts refusals against their sender, exempt the test users. An execution is kept in the history of the
function, for as long as Appwrite keeps any.

``mode: async`` proves the executions worker, which can stand still while calls that are waited for go on; the execution
is looked at with the server key, and its body is shown to nobody. Some servers show an execution late: what
cannot be found yet is looked for until ``within``.

Talks to:  Appwrite REST, Create Execution as each identity; Get Execution with the server key (executions.read) for
           ``mode: async``, and for the errors of an execution that failed, where there is a key
Steps:     sign_in, denied, execute, completed (only for mode: async)
Fails as:  permission_excess   a denied identity may execute the function
           permission_missing  an identity may not execute it: its role is not among those of the function
           not_found           there is no such function here, it is disabled, or no deployment of it is ready
           wrong_answer        the execution failed, or status or body of the answer are not as expected
           timeout             the function takes longer than a caller may wait, or nothing runs what nobody waits for
           unauthorized        the project lives in another region than this endpoint
           disabled            the functions service is switched off
Leaves:    nothing but what the function does with the body; one execution per identity and run, one more when stuck

Example::

    contact-filter:
      kind: function_execution
      every: 5m
      timeout: 20s
      function: sendChatMessage
      identities: [guest, customer]
      body:
        senderId: synthetic-customer
        sessionId: synthetic
        message: call me on +62 812 3456 7890
      status: 400
      json:
        success: false
        violationType: phone_number
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from monitor.appwrite.answers import Execution
from monitor.appwrite.errors import AppwriteError
from monitor.appwrite.executions import Method
from monitor.appwrite.expectation import ExpectedAnswer
from monitor.appwrite.failures import failed
from monitor.appwrite.identities import sign_in
from monitor.appwrite.json_values import Scalar
from monitor.appwrite.rest import Client
from monitor.core.check import Check, IdentityName
from monitor.core.duration import Duration, show_duration
from monitor.core.errors import CheckFailed, MonitorError
from monitor.core.identity import KEY
from monitor.core.outcome import EvidenceValue, Reason
from monitor.core.pattern import Pattern
from monitor.core.redaction import excerpt
from monitor.core.run import Run
from monitor.core.target import AppwriteId
from monitor.core.topic import Topic

_EVIDENCE_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """
    What one identity called, and when by the clock of the run.
    """

    caller: Client
    execution: Execution
    began_seconds: float


class FunctionExecution(Check):
    """
    Calls one function as several identities.
    """

    topics = frozenset({Topic.FUNCTION})

    timeout_seconds: Duration = Field(default=20.0, ge=0.1, description="deadline of a run; shorter than `every`")
    function: AppwriteId = Field(description="id of the function")
    identities: tuple[IdentityName, ...] = Field(default=(), description="who must be able to execute it")
    denied: tuple[IdentityName, ...] = Field(default=(), description="who must be refused")
    method: Method = Field(default="POST", description="method of the request that the function sees")
    path: str = Field(default="/", pattern=r"^/", max_length=2048, description="path of that request")
    body: JsonValue = Field(default="", description="body of that request: text as it is, anything else as JSON")
    mode: Literal["sync", "async"] = Field(
        default="sync", description="sync waits for the answer; async leaves it to the executions worker"
    )
    status: int | Annotated[tuple[int, ...], Field(min_length=1)] = Field(
        default=200, description="expected status of the function's own answer, or several"
    )
    json_values: Mapping[str, Scalar] = Field(
        default_factory=dict, alias="json", description="path such as data.items.0.id → expected value; for mode sync"
    )
    body_matches: Pattern | None = Field(
        default=None, description="regular expression to be found in the answer; for mode sync"
    )
    within_seconds: Duration = Field(
        default=10.0, ge=0.1, description="for mode async: later than this it counts as stuck"
    )
    objective_seconds: Duration | None = Field(default=None, description="an execution slower than this is degraded")

    @model_validator(mode="after")
    def _demand_a_caller(self) -> Self:
        if not self.identities and not self.denied:
            raise ValueError("nobody is to call the function: name who must be able to in identities, or who in denied")
        if both := set(self.identities) & set(self.denied):
            raise ValueError(f"{min(both)!r} stands in identities and in denied: leave one out")
        return self

    @model_validator(mode="after")
    def _demand_what_can_be_seen(self) -> Self:
        if self.mode == "async" and (self.json_values or self.body_matches is not None):
            raise ValueError("json and body_matches need mode: sync: Appwrite shows no body of what nobody waited for")
        if self.mode == "async" and self.within_seconds >= self.timeout_seconds:
            within, timeout = show_duration(self.within_seconds), show_duration(self.timeout_seconds)
            raise ValueError(f"within ({within}) must be shorter than timeout ({timeout}): calling needs time too")
        return self

    async def run(self, run: Run) -> None:
        async with run.step("sign_in"):
            key = await sign_in(run, KEY) if self.mode == "async" else None
            allowed = [await sign_in(run, name) for name in self.identities]
            denied = [await sign_in(run, name) for name in self.denied]
        if denied:
            async with run.step("denied"):
                for caller in denied:
                    await self._demand_refusal(caller)
        if allowed:
            async with run.step("execute"):
                calls = await self._call_as_each(allowed)
            if key is not None:
                async with run.step("completed"):
                    await self._wait_for_each(key, calls)

    async def _demand_refusal(self, caller: Client) -> None:
        try:
            await self._call(caller)
        except AppwriteError as error:
            if error.reason is Reason.PERMISSION_MISSING:
                return
            # A call that took too long was let in.
            if error.reason is not Reason.TIMEOUT:
                raise
        text = f"{caller.identity!r} may execute function {self.function!r}, expected a refusal"
        raise self._failed(Reason.PERMISSION_EXCESS, f"{text}: take the role out of the function's execute", caller)

    async def _call_as_each(self, callers: Sequence[Client]) -> list[_Call]:
        """
        Return what each identity called; a refusal is told once it is known who else is admitted.
        """
        calls: list[_Call] = []
        refused: list[Client] = []
        for caller in callers:
            try:
                call = await self._call(caller)
            except AppwriteError as error:
                if error.reason is not Reason.PERMISSION_MISSING:
                    raise
                refused.append(caller)
                continue
            if self.mode == "sync":
                await self._judge(call, call.execution)
            calls.append(call)
        if refused:
            raise self._refusal(refused, tuple(call.caller.identity for call in calls))
        return calls

    async def _wait_for_each(self, key: Client, calls: Sequence[_Call]) -> None:
        for call in calls:
            left = max(0.0, call.began_seconds + self.within_seconds - key.run.elapsed_seconds())
            ended = await key.wait_for_execution(self.function, call.execution, within_seconds=left)
            # Appwrite after 1.9 calls failed what it never ran, once the function's own time is up.
            if not ended.has_ended or not ended.status_code:
                raise await self._stuck(call, ended)
            await self._judge(call, ended)

    async def _call(self, caller: Client, *, waiting: bool = False) -> _Call:
        body = self.body if isinstance(self.body, str) else json.dumps(self.body)
        request: dict[str, object] = {"body": body, "path": self.path, "method": self.method}
        began = caller.run.elapsed_seconds()
        is_async = self.mode == "async" and not waiting
        execution = await caller.execute(self.function, {**request, "async": is_async})
        return _Call(caller=caller, execution=execution, began_seconds=began)

    async def _judge(self, call: _Call, ended: Execution) -> None:
        run, identity = call.caller.run, call.caller.identity
        took = run.elapsed_seconds() - call.began_seconds
        statuses = self.status if isinstance(self.status, tuple) else (self.status,)
        expected = ExpectedAnswer(statuses=statuses, json_values=self.json_values, body_matches=self.body_matches)
        if flaw := expected.flaw(ended):
            message = f"function {self.function!r} as {identity!r} {flaw}"
            facts = {**_facts(ended), "errors": await self._errors_of(run, ended)}
            raise self._failed(Reason.WRONG_ANSWER, message, call.caller, **facts)
        run.hold_to(self.objective_seconds, took_seconds=took, what=f"function {self.function!r} as {identity!r}")

    async def _errors_of(self, run: Run, ended: Execution) -> str:
        errors = ended.errors
        if ended.status == "failed" and not errors and run.target.api_key is not None:
            # They only help to explain what was found: a key that may not read them changes nothing about that.
            with suppress(MonitorError):
                errors = (await (await sign_in(run, KEY)).get_execution(self.function, ended.id)).errors
        return excerpt(errors.partition("\n")[0], characters=_EVIDENCE_CHARACTERS)

    async def _stuck(self, call: _Call, execution: Execution) -> CheckFailed:
        try:
            works = (await self._call(call.caller, waiting=True)).execution.status == "completed"
        except MonitorError:
            works = False
        within = show_duration(self.within_seconds)
        text = f"execution of {self.function!r} has not run, it is {execution.status!r} after {within}"
        text += ", though one that is waited for does run" if works else ""
        text += ": check that Appwrite's executions worker runs"
        return self._failed(Reason.TIMEOUT, text, call.caller, **_facts(execution), works_when_waited_for=works)

    def _refusal(self, refused: Sequence[Client], admitted: tuple[str, ...]) -> CheckFailed:
        names = tuple(caller.identity for caller in refused)
        though = f", though {admitted[0]!r} may" if admitted else ""
        text = f"{names[0]!r} may not execute function {self.function!r}{though}: add a role to the function's execute"
        return self._failed(Reason.PERMISSION_MISSING, text, refused[0], refused=names, admitted=admitted)

    def _failed(self, reason: Reason, message: str, caller: Client, **evidence: EvidenceValue) -> CheckFailed:
        return failed(reason, message, function=self.function, identity=caller.identity, **evidence)


def _facts(execution: Execution) -> dict[str, EvidenceValue]:
    return {
        "execution": execution.id,
        "execution_status": execution.status,
        "answer_status": execution.status_code,
        "answer": excerpt(execution.body, characters=_EVIDENCE_CHARACTERS),
    }
