"""
The incident of January: bookings are lost for days, and each remedy is another outage.

Missing collections and missing permissions look the same to a customer, and *Any: read* looks like the end of it.
"""

from collections.abc import Mapping

from monitor.core.cause import Cause
from monitor.sandbox.incidents.script import Act, AllRight, Diagnosed, Script

_COLLECTIONS = ("chat_messages", "chat_sessions", "notifications")


def _on_each(fault: str) -> Mapping[str, Mapping[str, object]]:
    return {f"{fault}@{collection}": {"collection": collection} for collection in _COLLECTIONS}


SCRIPT = Script(
    name="chat-outage",
    summary="the outage of January: customers book, the chat never opens, and the remedy publishes every message",
    acts=(
        Act(
            title="The collections of the chat are not there: customers book, no chat window opens, and therapists "
            "hear nothing.",
            faults=_on_each("collection_missing"),
            expectation=Diagnosed(cause=Cause.COLLECTION_MISSING, within_seconds=20.0),
        ),
        Act(
            title="Somebody creates them again, and forgets the permissions. In the console all looks well.",
            faults=_on_each("permission_missing"),
            expectation=Diagnosed(cause=Cause.PERMISSION_MISSING, within_seconds=20.0),
        ),
        Act(
            title='The chat is still dead, so somebody grants "Any: read". Messages appear at last, and anybody in '
            "the world can read them.",
            faults=_on_each("permission_excess"),
            expectation=Diagnosed(cause=Cause.PERMISSION_EXCESS, within_seconds=20.0),
        ),
        Act(
            title="The permissions of the manifest are put in force.",
            expectation=AllRight(within_seconds=55.0),
        ),
    ),
)
