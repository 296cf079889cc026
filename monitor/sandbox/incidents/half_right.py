"""
February, as the recorded audit found it: all collections can be read, so all looks well, and nothing can be written.

Shows F09 and F11 of the failure history: each remedy uncovers the next mistake.
"""

from monitor.core.cause import Cause
from monitor.sandbox.incidents.script import Act, AllRight, Diagnosed, Script

SCRIPT = Script(
    name="half-right",
    summary="the audit of February: history loads, nothing can be sent, and the next mistake waits behind it",
    acts=(
        Act(
            title="The permissions of chat_messages are tidied up: reading stays, creating is lost. History loads, "
            "and no message can be sent.",
            faults={"permission_missing": {"collection": "chat_messages", "actions": ("create",)}},
            expectation=Diagnosed(cause=Cause.PERMISSION_MISSING, within_seconds=20.0),
        ),
        Act(
            title="Creating is granted again. Meanwhile somebody has made one more attribute of chat_sessions "
            "required, which no page sends.",
            faults={"schema_drift": {"collection": "chat_sessions", "attribute": "openedBy"}},
            expectation=Diagnosed(cause=Cause.SCHEMA_DRIFT, within_seconds=20.0),
        ),
        Act(
            title="The attribute is optional again.",
            expectation=AllRight(within_seconds=70.0),
        ),
    ),
)
