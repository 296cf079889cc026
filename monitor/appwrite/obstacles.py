"""
What kept a run from judging something, and how far each hindrance reaches: one collection, one identity, or everything.
"""

from monitor.core.errors import CheckFailed, MonitorError, OwnFault
from monitor.core.outcome import Reason

# These come again in every collection; whatever else goes wrong in one says nothing of the others.
_OF_ALL = {
    Reason.TIMEOUT,
    Reason.DNS,
    Reason.TLS,
    Reason.CONNECTION,
    Reason.UNAUTHORIZED,
    Reason.QUOTA,
    Reason.RATE_LIMITED,
    Reason.DISABLED,
}


class Obstacles:
    """
    Those that were *found*, each once, in the order in which they were.
    """

    def __init__(self) -> None:
        self.found: list[MonitorError] = []

    def add(self, error: MonitorError) -> None:
        """
        Keep *error* for the end of the run.
        """
        if str(error) not in map(str, self.found):
            self.found.append(error)

    def add_of_collection(self, error: MonitorError) -> None:
        """
        Keep *error*, met in one collection; raise it when it is about all of them, or about the server key.
        """
        if isinstance(error, CheckFailed):
            of_one = error.reason not in _OF_ALL
        else:
            of_one = isinstance(error, OwnFault) and "collection" in error.evidence
        if not of_one:
            raise error
        self.add(error)

    def worst(self) -> MonitorError | None:
        """
        Return what to say: the target's fault, which is true whoever else could not be judged, before the monitor's.
        """
        return min(self.found, key=lambda error: isinstance(error, OwnFault), default=None)


def is_of_identity(error: MonitorError, name: str) -> bool:
    """
    Return whether *error* is for the credentials of the identity called *name*.
    """
    return isinstance(error, OwnFault) and error.evidence.get("identity") == name
