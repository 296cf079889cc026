"""
The monitor's own key: what it cannot see is no outage, and must wake nobody.
"""

from monitor.core.cause import Cause
from monitor.core.severity import Severity
from monitor.sandbox.incidents.script import Act, AllRight, Diagnosed, Script

SCRIPT = Script(
    name="lost-key",
    summary="the monitor's own key is revoked, and the new one lacks scopes: a ticket each time, and no page",
    acts=(
        Act(
            title="The server key of the monitor is revoked, as an old one should be. Customers notice nothing.",
            faults={"key_invalid": {}},
            expectation=Diagnosed(cause=Cause.KEY_INVALID, severity=Severity.TICKET, within_seconds=20.0),
        ),
        Act(
            title="It gets a new key, without the scopes to read collections.",
            faults={"key_scope": {}},
            expectation=Diagnosed(cause=Cause.KEY_SCOPE, severity=Severity.TICKET, within_seconds=25.0),
        ),
        Act(
            title="The key gets its scopes.",
            expectation=AllRight(within_seconds=70.0),
        ),
    ),
)
