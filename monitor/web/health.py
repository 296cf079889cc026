"""
How the target is, in one word.
"""

from collections.abc import Iterable

from monitor.core.outcome import Reason, Status
from monitor.core.severity import Severity
from monitor.incidents.incident import Fault, Incident
from monitor.web.model import Health
from monitor.web.record import Record


def health_of(incidents: Iterable[Incident], records: Iterable[Record]) -> Health:
    """
    Return what the open *incidents* say, and whether anything has been judged at all.

    What is for information only, and the monitor's own trouble, say nothing of the target; so one that cannot be judged
    is unknown, and not right.
    """
    found = {
        finding.reason is Reason.SLOW
        for incident in incidents
        for finding in incident.findings
        if finding.fault is Fault.TARGET and Severity.INFO not in {finding.severity, incident.severity}
    }
    if found:
        return Health.DEGRADED if found == {True} else Health.WRONG
    judged = any(
        record.verdict is not None and record.last is not None and _tells(record.last.status) for record in records
    )
    return Health.RIGHT if judged else Health.UNKNOWN


def _tells(last: Status) -> bool:
    # A run that was missed leaves what is known as it is; one that could not judge does not.
    return last is not Status.ERRORED
