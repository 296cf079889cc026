"""
How functions and executions are shown.
"""

from monitor.sandbox.protocol.caller import Caller
from monitor.sandbox.state.functions import Execution, Function

_RUNTIME = "node-22"


def show_function(function: Function) -> dict[str, object]:
    """
    Return a function as server keys see it.
    """
    deployed = function.created_at if function.deployment_id else ""
    return {
        "$id": function.id,
        "$createdAt": function.created_at,
        "$updatedAt": function.created_at,
        "execute": list(function.execute),
        "name": function.name,
        "enabled": function.enabled,
        "live": True,
        "logging": True,
        "runtime": _RUNTIME,
        "deploymentRetention": 0,
        "deploymentId": function.deployment_id,
        "deploymentCreatedAt": deployed,
        "latestDeploymentId": function.deployment_id,
        "latestDeploymentCreatedAt": deployed,
        "latestDeploymentStatus": function.build if function.deployment_id else "",
        "scopes": [],
        "vars": [],
        "events": [],
        "schedule": "",
        "timeout": function.timeout_seconds,
        "entrypoint": "src/main.js",
        "commands": "npm install",
        "version": "v5",
        "installationId": "",
        "providerRepositoryId": "",
        "providerBranch": "",
        "providerRootDirectory": "",
        "providerSilentMode": False,
        "buildSpecification": "s-0.5vcpu-512mb",
        "runtimeSpecification": "s-0.5vcpu-512mb",
    }


def show_execution(execution: Execution, caller: Caller) -> dict[str, object]:
    """
    Return an execution as *caller* sees it: logs and errors are for server keys, the body for whoever waited for it.
    """
    return {
        "$id": execution.id,
        "$createdAt": execution.created_at,
        "$updatedAt": execution.updated_at,
        "$permissions": [f'read("{each}")' for each in execution.readers],
        "functionId": execution.function_id,
        "deploymentId": execution.deployment_id,
        "trigger": execution.trigger,
        "status": execution.status,
        "requestMethod": execution.method,
        "requestPath": execution.path,
        "requestHeaders": [],
        "responseStatusCode": execution.status_code,
        "responseBody": "",
        "responseHeaders": [],
        "logs": execution.logs if caller.is_key else "",
        "errors": execution.errors if caller.is_key else "",
        "duration": execution.duration_seconds,
        "scheduledAt": execution.scheduled_at,
    }
