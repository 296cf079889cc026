"""
What a round of written documents and of what was heard of them says: the worst of it first.

leaked → a socket ended → not readable → lost → more than once → late → out of order, where order is demanded

Appwrite promises no order across its workers (``appwrite-protocol.md`` 5.7): elsewhere that is worth a remark.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.appwrite.failures import failed
from monitor.core.duration import show_duration
from monitor.core.errors import CheckFailed
from monitor.core.outcome import EventResult, EvidenceValue, Reason
from monitor.core.run import Run
from monitor.listening.deliveries import Delivery, Limits, count
from monitor.listening.eavesdropping import Leak
from monitor.listening.silence import Silence

# On a slow network an event takes a few hundred milliseconds: what was given less than this is not known to be lost.
_LEAST_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """
    One round. *permissions* are those of the collection.

    *readable*: whether the reader can read what stayed out, None when nobody could say; *ended* is how a socket ended.
    *waited_seconds*: what the event of the last write was given, when the deadline left less than the limit.
    *shared_in_vain*: documents name roles that may read them, and the collection does not heed that.
    """

    collection: str
    permissions: Sequence[str]
    writer: str
    reader: str
    limits: Limits
    deliveries: Sequence[Delivery]
    leaks: Sequence[Leak] = ()
    ended: CheckFailed | None = None
    readable: bool | None = None
    silence: Silence | None = None
    waited_seconds: float | None = None
    ordered: bool = False
    shared_in_vain: bool = False

    @property
    def slowest_seconds(self) -> float | None:
        """
        The longest that an event took, None when none came.
        """
        return max((each.took_seconds for each in self.deliveries if each.took_seconds is not None), default=None)

    @property
    def leaked(self) -> int:
        """
        How many events came to how many identities that must not have them.
        """
        return len({(leak.identity, leak.document_id) for leak in self.leaks if leak.channels})

    def evidence(self) -> dict[str, EvidenceValue]:
        """
        Return how many events ended in which way, and whatever else was found out.
        """
        counts = count(self.deliveries)
        evidence: dict[str, EvidenceValue] = {
            "collection": self.collection,
            "identity": self.reader,
            "events": len(self.deliveries),
            **{result.value: counts.get(result, 0) for result in EventResult},
            EventResult.LEAKED.value: self.leaked,
            "slowest_seconds": None if self.slowest_seconds is None else round(self.slowest_seconds, 6),
        }
        if self.waited_seconds is not None:
            evidence["waited_seconds"] = round(self.waited_seconds, 6)
        if self.readable is not None:
            evidence["readable"] = self.readable
        if self.silence is not None:
            evidence |= {"control_heard": self.silence.control_heard, "tests_heard": self.silence.tests_heard}
        return evidence

    def observe(self, run: Run) -> None:
        """
        Have *run* count what became of every event, whatever the verdict.
        """
        run.note(**self.evidence())
        for each in self.deliveries:
            took = None if each.result is EventResult.LOST else each.took_seconds
            run.observe_event(each.result, delivery_seconds=took)
            for _ in range(each.copies):
                run.observe_event(EventResult.DUPLICATE)
        for _ in range(self.leaked):
            run.observe_event(EventResult.LEAKED)


def verdict(found: Findings) -> CheckFailed | None:
    """
    Return what is wrong, None when nothing is.
    """
    counts = count(found.deliveries)
    if found.leaks:
        return _leaked(found)
    if found.ended:
        found.ended.evidence |= {**found.evidence(), **found.ended.evidence}
        return found.ended
    if counts[EventResult.LOST]:
        return _unreadable(found) if found.readable is False else _lost(found)
    if counts[EventResult.DUPLICATE]:
        return _duplicate(found)
    if counts[EventResult.LATE] or (counts[EventResult.REORDERED] and found.ordered):
        return _late(found)
    return None


def remark(found: Findings) -> CheckFailed | None:
    """
    Return what is worth a remark though nothing is wrong: events that overtook each other.
    """
    return _late(found) if count(found.deliveries)[EventResult.REORDERED] else None


def _leaked(found: Findings) -> CheckFailed:
    # A guest is anybody; and what arrives by itself is worse than what must be asked for.
    leak = min(found.leaks, key=lambda each: (not each.is_guest, not each.channels))
    whom = "everybody can read it" if leak.is_guest else "users it does not concern can read it"
    how = f"gets its events on {_shown(leak.channels)}" if leak.channels else "can read it over REST"
    roles = ("any", "guests") if leak.is_guest else ("any", "users")
    grants = [grant for role in roles if (grant := f'read("{role}")') in found.permissions]
    fix = f"remove {grants[0]} from the collection" if grants else "check its permissions and those of its documents"
    return failed(
        Reason.PERMISSION_EXCESS,
        f"{found.collection!r} is not private: {leak.identity!r} {how}, so {whom}: {fix}",
        **{
            **found.evidence(),
            "identity": leak.identity,
            "identities": tuple(sorted({each.identity for each in found.leaks})),
            "channels": leak.channels,
            "permissions": tuple(found.permissions),
        },
    )


def _shown(channels: Sequence[str]) -> str:
    more = f" and {len(channels) - 1} more channels" if len(channels) > 1 else ""
    return f"{min(channels, key=len)!r}{more}"


def _unreadable(found: Findings) -> CheckFailed:
    # Never that read be granted on the collection: the obvious remedy publishes every message.
    if found.shared_in_vain:
        text = f"document security of {found.collection!r} is off, so that documents are shared with nobody"
        next_move = "switch it on under Settings; read on the collection would publish every document"
    else:
        text = f"{found.reader!r} may not read what {found.writer!r} wrote to {found.collection!r}: no event can come"
        next_move = "name a role of his in readable_by, as the platform shares it"
    return failed(Reason.PERMISSION_MISSING, f"{text}: {next_move}", **found.evidence())


def _lost(found: Findings) -> CheckFailed:
    events, lost = len(found.deliveries), count(found.deliveries)[EventResult.LOST]
    limit_seconds, evidence = found.limits.lost_after_seconds, found.evidence()
    if found.waited_seconds is not None and found.waited_seconds < min(limit_seconds, _LEAST_SECONDS):
        return _no_time(found)
    within = show_duration(round(found.waited_seconds or limit_seconds, 3))
    belated = [each.took_seconds for each in found.deliveries if each.result is EventResult.LOST and each.took_seconds]
    if len(belated) == lost:
        took = show_duration(round(max(belated), 3))
        text = f"an event of {found.collection!r} reached {found.reader!r} after {took} only, expected within {within}"
        evidence["belated"] = True
        return failed(Reason.NO_EVENT, f"{text}: realtime is slow: check its load and its Redis", **evidence)
    if lost < events:
        text = f"{lost} of {events} events of {found.collection!r} stayed out at {found.reader!r} within {within}"
        return failed(Reason.NO_EVENT, f"{text}: realtime loses some: check its workers and its Redis", **evidence)
    though = ", though it can read the document" if found.readable else ""
    text = f"no event of {found.collection!r} at {found.reader!r} within {within}{though}"
    return failed(Reason.NO_EVENT, f"{text}{_meaning(found.silence or Silence(), events)}", **evidence)


def _no_time(found: Findings) -> CheckFailed:
    waited = show_duration(round(found.waited_seconds or 0.0, 3))
    within = show_duration(found.limits.lost_after_seconds)
    text = f"only {waited} were left to wait for events of {found.collection!r}, expected {within}"
    text = f"{text}: see which step took the time, or raise timeout"
    return failed(Reason.TIMEOUT, text, **found.evidence())


def _meaning(silence: Silence, events: int) -> str:
    if silence.control_heard:
        # Of a single event nobody can tell.
        lost = "this one's" if events > 1 else "this one's, or single ones,"
        return f"; another collection's come: {lost} get lost: see the logs of the API"
    if silence.tests_heard:
        return "; realtime itself lives, so its Redis pub/sub is dead: restart realtime"
    if silence.tests_heard is False:
        return ", and realtime's own tests channel is silent too: its process is stuck: restart it"
    return ": restart realtime, then check its Redis pub/sub"


def _duplicate(found: Findings) -> CheckFailed:
    again = sum(each.copies > 0 for each in found.deliveries)
    return failed(
        Reason.DUPLICATE_EVENT,
        f"{again} of {len(found.deliveries)} events of {found.collection!r} came more than once to {found.reader!r}:"
        " check for events published twice, as by two stacks on one Redis",
        **found.evidence(),
    )


def _late(found: Findings) -> CheckFailed:
    counts, parts = count(found.deliveries), []
    events = f"of {len(found.deliveries)} events of {found.collection!r}"
    if late := counts[EventResult.LATE]:
        took = show_duration(round(found.slowest_seconds or 0.0, 3))
        after = show_duration(found.limits.late_after_seconds or 0.0)
        parts.append(f"{late} {events} took up to {took} to {found.reader!r}, expected within {after}")
    if overtaken := counts[EventResult.REORDERED]:
        parts.append(f"{overtaken} {events} came after later ones")
    move = "check the load of realtime and its Redis"
    return failed(Reason.LATE_EVENT, f"{'; '.join(parts)}: {move}", **found.evidence())
