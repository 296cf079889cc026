"""
Every fault of the sandbox, the cause that it declares, and how it is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.cause import Cause
from monitor.sandbox.faults.catalogue import FAULTS
from monitor.sandbox.faults.phrases import parse_fault

# Where the default needs longer than two rounds, or shows nothing by itself in the demo's seconds.
_PHRASES: Mapping[str, str] = {
    "booking_expires": "booking_expires:seconds=1,pending=pending_accept",
    "chat_record_late": "chat_record_late:seconds=8",
    "realtime_late": "realtime_late:seconds=1.5",
}
# More forms of a fault that are other troubles to look at, with the same cause.
_FORMS = (
    "proxy:status=200",
    "server_error:status=503,type=general_server_error",
    "key_invalid:how=expired",
    "key_scope:scopes=users.write",
    "quota:of=everything",
    "database_missing:how=disabled",
    "collection_missing:collection=notifications",
    "collection_disabled:collection=bookings",
    "schema_drift:change=missing,attribute=sentAt",
    "schema_drift:change=enum,collection=bookings,attribute=status",
    "schema_stuck:status=stuck",
    "permission_missing:actions=create,collection=bookings",
    "permission_excess:actions=delete,role=users,collection=bookings",
    "realtime_refused:how=frame",
    "realtime_pipeline:every=1,collection=chat_messages",
    "realtime_reordered:collection=chat_messages",
    "function_failed:how=refused",
    "function_failed:how=denied",
    "function_failed:how=missing",
    "function_failed:how=timeout",
    "function_failed:how=waiting",
    "api_disabled:services=functions",
    "api_disabled:services=,protocols=websocket",
    "login_method_disabled:method=email-password",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """
    A fault as a phrase of the command line, what must be diagnosed, and how often somebody is to be woken.
    """

    phrase: str
    name: str
    cause: Cause
    pages: int

    @property
    def is_of_a_page(self) -> bool:
        """
        Whether only a browser can show it: the server answers as it should.
        """
        return self.name.startswith("page_")

    def __str__(self) -> str:
        return self.phrase


def _expected(phrase: str) -> Expected:
    name = parse_fault(phrase)[0].partition("@")[0]
    fault = FAULTS[name]
    return Expected(phrase=phrase, name=name, cause=fault.cause, pages=int(fault.pages))


ALONE = tuple(_expected(_PHRASES.get(name, name)) for name in FAULTS)
FORMS = tuple(_expected(phrase) for phrase in _FORMS)
