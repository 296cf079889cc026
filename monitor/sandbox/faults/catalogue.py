"""
The faults that the sandbox can show, by name.

Each names the cause that must be diagnosed (``Cause``). What they hide or change is only seen differently: switching a
fault off restores everything, with whatever was written meanwhile; where that is not so, the fault says it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.cause import Cause
from monitor.sandbox.faults import data, journey, outages, project, realtime, service
from monitor.sandbox.faults.fault import Fault
from monitor.sandbox.faults.page import PAGE_FAULTS

# The rows of the failure history that a docstring names.
_ROW = re.compile(r"\bF\d\d\b")
_KINDS_OF_VALUE = {"boolean": "true or false", "array": "a list", "string": "a text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """
    One parameter of a fault; *takes* says what it can be: ``0 … 600``, ``one of http, frame``.
    """

    default: object
    description: str
    takes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """
    What a fault is, for lists and tests; *details* is what its docstring says beyond the summary, *rows* are F01 … F25.
    """

    name: str
    summary: str
    details: str
    cause: Cause
    pages: bool
    rows: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    fault: type[Fault]


def _describe(name: str, fault: type[Fault]) -> Description:
    documentation, shapes = fault.__doc__ or "", fault.model_json_schema().get("properties", {})
    summary, *details = (" ".join(part.split()) for part in documentation.strip().split("\n\n"))
    return Description(
        name=name,
        summary=summary,
        details=" ".join(details),
        cause=Cause(fault.cause),
        pages=fault.pages,
        rows=tuple(dict.fromkeys(_ROW.findall(documentation))),
        parameters={
            key: Parameter(default=field.default, description=field.description or "", takes=_takes(shapes[key]))
            for key, field in fault.model_fields.items()
        },
        fault=fault,
    )


def _takes(shape: Mapping[str, object]) -> str:
    """
    Return what a value can be, after its part of a JSON Schema.
    """
    of = shape.get("items", shape)
    choices = of.get("enum") if isinstance(of, Mapping) else None
    if isinstance(choices, list):
        return f"{'any of' if of is not shape else 'one of'} {', '.join(map(str, choices))}"
    lowest = shape.get("minimum", shape.get("exclusiveMinimum"))
    if lowest is not None:
        above = "above " if "exclusiveMinimum" in shape else ""
        return f"{above}{lowest:g} … {shape['maximum']:g}"
    return _KINDS_OF_VALUE[str(shape["type"])]


_SERVER_FAULTS: dict[str, type[Fault]] = {
    # Before and in place of Appwrite.
    "proxy": service.Proxy,
    "service_down": service.ServiceDown,
    "server_error": service.ServerError,
    "hang": service.Hang,
    "slow_headers": service.SlowHeaders,
    "slow": service.Slow,
    # Recorded outages.
    "api_gone": outages.ApiGone,
    "database_gone": outages.DatabaseGone,
    "redis_gone": outages.RedisGone,
    "redis_back_silent": outages.RedisBackSilent,
    "realtime_gone": outages.RealtimeGone,
    "realtime_worker_killed": outages.RealtimeWorkerKilled,
    "worker_stopped": outages.WorkerStopped,
    # Project, plan and callers.
    "project_missing": project.ProjectMissing,
    "wrong_region": project.WrongRegion,
    "project_paused": project.ProjectPaused,
    "quota": project.Quota,
    "rate_limited": service.RateLimited,
    "key_invalid": project.KeyInvalid,
    "key_scope": project.KeyScope,
    "session_invalid": project.SessionInvalid,
    "origin_blocked": project.OriginBlocked,
    "api_disabled": project.ApiDisabled,
    "login_method_disabled": project.LoginMethodDisabled,
    # Data.
    "database_missing": data.DatabaseMissing,
    "collection_missing": data.CollectionMissing,
    "collection_disabled": data.CollectionDisabled,
    "collection_id_mismatch": data.CollectionIdMismatch,
    "schema_drift": data.SchemaDrift,
    "schema_stuck": data.SchemaStuck,
    "permission_missing": data.PermissionMissing,
    "permission_excess": data.PermissionExcess,
    # Realtime.
    "realtime_refused": realtime.RealtimeRefused,
    "realtime_crowded": realtime.RealtimeCrowded,
    "realtime_hang": realtime.RealtimeHang,
    "realtime_misrouted": realtime.RealtimeMisrouted,
    "realtime_silent": realtime.RealtimeSilent,
    "realtime_pipeline": realtime.RealtimePipeline,
    "realtime_reordered": realtime.RealtimeReordered,
    "realtime_late": realtime.RealtimeLate,
    "realtime_duplicate": realtime.RealtimeDuplicate,
    # What comes after.
    "function_failed": journey.FunctionFailed,
    "messages_stuck": journey.MessagesStuck,
    "message_misfiled": journey.MessageMisfiled,
    "booking_expires": journey.BookingExpires,
    "booking_unassigned": journey.BookingUnassigned,
    "chat_record_late": journey.ChatRecordLate,
    "notification_missing": journey.NotificationMissing,
}
FAULTS: Mapping[str, Description] = {
    name: _describe(name, fault) for name, fault in (_SERVER_FAULTS | PAGE_FAULTS).items()
}
