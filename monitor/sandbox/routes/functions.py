"""
Routes on functions, and on their executions: run at once or by the worker, by whoever has a role in ``execute``.
"""

from collections.abc import Mapping, Sequence

from monitor.sandbox.errors import AppwriteError, argument_invalid, unauthorized
from monitor.sandbox.functions.broken import fail, misfile, refuse
from monitor.sandbox.functions.chat import send_chat_message
from monitor.sandbox.functions.invocation import Handler, Invocation, Result
from monitor.sandbox.functions.ping import ping
from monitor.sandbox.protocol.announcing import channels_of, names_of
from monitor.sandbox.protocol.answers import Answer, dump
from monitor.sandbox.protocol.caller import Caller
from monitor.sandbox.protocol.listing import listed, matching
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.routes.shown_functions import show_execution, show_function
from monitor.sandbox.state.functions import Execution, Function
from monitor.sandbox.state.identifiers import unique_id

HANDLERS: Mapping[str, Handler] = {
    "ping": ping,
    "sendChatMessage": send_chat_message,
    "fail": fail,
    "refuse": refuse,
    "misfile": misfile,
}

# A caller who waits is sent away after it, however long the function may take.
_MAX_WAIT_SECONDS = 30.0
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
_MAX_PATH = 2048
_MAX_BODY = 10_485_760
_ASKABLE = ("trigger", "status", "responseStatusCode", "duration", "requestMethod", "requestPath", "deploymentId")


def _list_functions(call: Call) -> Answer:
    shown = [show_function(each) for each in call.world.functions.by_id.values()]
    return listed(call, "functions", matching(call, shown, of=("$id", "name")), askable=("name", "enabled", "runtime"))


def _get_function(call: Call) -> Answer:
    return Answer(body=show_function(_find(call)))


def _execute(call: Call) -> Answer:
    invocation = _read(call)
    function = _find(call)
    _require_deployed(function)
    if not call.caller.is_key:
        _require_role(call.caller, function.execute)
    if call.flag("async", default=False):
        return _leave_to_worker(call, function, invocation)
    execution = _new(call, function, invocation, status="processing")
    if function.takes_seconds > min(function.timeout_seconds, _MAX_WAIT_SECONDS):
        _time_out(execution, function)
        call.world.functions.add(execution)
        raise AppwriteError(
            408,
            "function_synchronous_timeout",
            "Synchronous function execution timed out. Use asynchronous execution instead, or ensure the execution"
            " duration doesn't exceed 30 seconds.",
        )
    result = _run(call, function, execution, invocation)
    call.world.functions.add(execution)
    shown = show_execution(execution, call.caller) | {
        "responseBody": result.body,
        "responseHeaders": [{"name": "x-appwrite-execution-id", "value": execution.id}],
    }
    _announce(call, execution, "create", shown)
    return Answer(status=201, body=shown)


def _leave_to_worker(call: Call, function: Function, invocation: Invocation) -> Answer:
    execution = _new(call, function, invocation, status="waiting")

    def work() -> None:
        if function.takes_seconds > function.timeout_seconds:
            _time_out(execution, function)
        else:
            _run(call, function, execution, invocation)
        _announce(call, execution, "update", show_execution(execution, call.caller))

    call.world.functions.worker.put(work)
    call.world.functions.add(execution)
    shown = show_execution(execution, call.caller)
    _announce(call, execution, "create", shown)
    return Answer(status=202, body=shown)


def _list(call: Call) -> Answer:
    function = _find(call)
    readable = (each for each in call.world.functions.executions.values() if _may_read(call, each))
    shown = [show_execution(each, call.caller) for each in readable if each.function_id == function.id]
    return listed(call, "executions", shown, askable=_ASKABLE)


def _get(call: Call) -> Answer:
    return Answer(body=show_execution(_find_execution(call), call.caller))


def _delete(call: Call) -> Answer:
    execution = _find_execution(call)
    if execution.status in {"waiting", "processing"}:
        message = "Can't delete ongoing execution. Please wait for execution to finish before deleting it."
        raise AppwriteError(400, "execution_in_progress", message)
    del call.world.functions.executions[execution.id]
    return Answer(status=204)


def _read(call: Call) -> Invocation:
    path, method = call.text("path", default="/"), call.text("method", default="POST")
    body = call.text("body", default="")
    if method not in _METHODS:
        raise argument_invalid("method", f"Value must be one of ({', '.join(_METHODS)})")
    for name, value, longest in (("path", path, _MAX_PATH), ("body", body, _MAX_BODY)):
        if len(value) > longest:
            raise argument_invalid(name, f"Value must be a valid string and no longer than {longest} chars")
    if not isinstance(call.fields.get("headers") or {}, dict):
        raise argument_invalid("headers", "Value must be a valid object.")
    if call.fields.get("scheduledAt") is not None:
        message = "Scheduled executions are not served by this sandbox."
        raise AppwriteError(400, "general_bad_request", message)
    user_id = call.caller.user.id if call.caller.user else ""
    return Invocation(call=call, body=body, path=path, method=method, user_id=user_id)


def _require_deployed(function: Function) -> None:
    if not function.deployment_id:
        message = "Deployment not found. Create a deployment before trying to execute a function"
        raise AppwriteError(404, "deployment_not_found", message)
    if function.build != "ready":
        message = "Build with the requested ID is building and not ready for execution."
        raise AppwriteError(400, "build_not_ready", message)


def _require_role(caller: Caller, granted: Sequence[str]) -> None:
    if caller.is_key or not caller.roles.isdisjoint(granted):
        return
    if not granted:
        raise unauthorized("No permissions provided for action 'execute'")
    held, given = (dump(each).replace("/", "\\/") for each in (caller.ordered_roles, granted))
    raise unauthorized(
        f'Missing "execute" permission for role "{granted[-1]}".'
        f' Only "{held}" scopes are allowed and "{given}" was given.'
    )


def _new(call: Call, function: Function, invocation: Invocation, *, status: str) -> Execution:
    now = call.world.now()
    return Execution(
        id=unique_id(),
        function_id=function.id,
        deployment_id=function.deployment_id,
        created_at=now,
        updated_at=now,
        readers=(f"user:{invocation.user_id}",) if invocation.user_id else (),
        method=invocation.method,
        path=invocation.path,
        status=status,
    )


def _run(call: Call, function: Function, execution: Execution, invocation: Invocation) -> Result:
    result = HANDLERS[function.runs](invocation)
    execution.status = "failed" if result.status >= 500 else "completed"
    execution.status_code, execution.logs, execution.errors = result.status, result.logs, result.errors
    execution.duration_seconds, execution.updated_at = function.takes_seconds, call.world.now()
    return result


def _time_out(execution: Execution, function: Function) -> None:
    execution.status, execution.status_code = "failed", 500
    execution.errors = "Operation timed out.\\nError Code: 408"
    execution.duration_seconds = float(function.timeout_seconds)


def _find(call: Call) -> Function:
    stored = call.world.functions.by_id.get(call.path["function"])
    function = stored and call.world.view.function(stored)
    if function is None or not (function.enabled or call.caller.is_key):
        raise AppwriteError(404, "function_not_found", "Function with the requested ID could not be found.")
    return function


def _find_execution(call: Call) -> Execution:
    function = _find(call)
    execution = call.world.functions.executions.get(call.path["execution"])
    if execution is None or execution.function_id != function.id or not _may_read(call, execution):
        raise AppwriteError(404, "execution_not_found", "Execution with the requested ID could not be found.")
    return execution


def _may_read(call: Call, execution: Execution) -> bool:
    return call.caller.is_key or not call.caller.roles.isdisjoint(execution.readers)


def _announce(call: Call, execution: Execution, action: str, payload: dict[str, object]) -> None:
    """
    Only whoever may read an execution hears of it: nobody, when a guest or a server key made it.
    """
    channels = ["executions", f"executions.{execution.id}", f"functions.{execution.function_id}"]
    call.publisher.announce(
        names=names_of({"functions": execution.function_id, "executions": execution.id}, action),
        channels=channels_of(channels, action, call.world.profile),
        roles=execution.readers,
        payload=payload,
    )


_READ = ("functions.read",)
# Up to 1.9.0 in the singular.
_READ_EXECUTIONS = ("executions.read", "execution.read")
_WRITE_EXECUTIONS = ("executions.write", "execution.write")
_ONE = "/functions/{function}"
_MANY = f"{_ONE}/executions"
_EXECUTION = f"{_MANY}/{{execution}}"

ROUTES = (
    Route(method="GET", path="/functions", handler=_list_functions, scopes=_READ, project_only=True),
    Route(method="GET", path=_ONE, handler=_get_function, scopes=_READ, project_only=True),
    Route(method="POST", path=_MANY, handler=_execute, scopes=_WRITE_EXECUTIONS, project_only=True),
    Route(method="GET", path=_MANY, handler=_list, scopes=_READ_EXECUTIONS, project_only=True),
    Route(method="GET", path=_EXECUTION, handler=_get, scopes=_READ_EXECUTIONS, project_only=True),
    Route(method="DELETE", path=_EXECUTION, handler=_delete, scopes=_WRITE_EXECUTIONS, project_only=True),
)
