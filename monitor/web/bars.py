"""
The last runs of one check in short, as bytes.

As objects, 60 runs of each of 1,000 checks would take 30 MiB and a pause of the garbage collector; these take 2 MiB.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime

from monitor.core.outcome import Outcome, Reason, Status
from monitor.web.model import Bar

MOST_BARS = 60

# Run id, start (seconds since 1970), duration (seconds), status, reason.
_RECORD = struct.Struct("<16sddBB")
_STATUSES = tuple(Status)
_STATUS_NUMBERS = {status: number for number, status in enumerate(_STATUSES)}
# 0 is none.
_REASONS = (None, *Reason)
_REASON_NUMBERS = {reason: number for number, reason in enumerate(_REASONS)}


class Bars:
    """
    The last ``MOST_BARS`` runs, the oldest first.
    """

    __slots__ = ("_records",)

    def __init__(self, records: bytes | bytearray = b"") -> None:
        self._records = bytearray(records)

    def add(self, outcome: Outcome) -> None:
        """
        Put *outcome* at the end, in place of the oldest.
        """
        record = _RECORD.pack(
            outcome.run_id.encode()[:16],
            outcome.started_at.timestamp(),
            outcome.duration_seconds,
            _STATUS_NUMBERS[outcome.status],
            _REASON_NUMBERS[outcome.reason],
        )
        excess = len(self._records) + len(record) - MOST_BARS * _RECORD.size
        if excess > 0:
            del self._records[:excess]
        self._records += record

    def copy(self) -> "Bars":
        """
        Return them as they are now, for another thread.
        """
        return Bars(self._records)

    def views(self) -> tuple[Bar, ...]:
        """
        Return them as they are shown.
        """
        return tuple(self._views())

    def _views(self) -> Iterator[Bar]:
        for run_id, started_at, duration_seconds, status, reason in _RECORD.iter_unpack(self._records):
            # Not checked again: 60,000 of them are drawn at once.
            yield Bar.model_construct(
                run_id=run_id.rstrip(b"\0").decode(errors="replace"),
                started_at=datetime.fromtimestamp(round(started_at, 3), UTC),
                duration_seconds=round(duration_seconds, 6),
                status=_STATUSES[status],
                reason=_REASONS[reason],
            )
