"""
Why a page does not show what is there: it never asked, it was never told, or it was and did not show it.
"""

from monitor.browser.observed import Observed, seen
from monitor.browser.traffic import Traffic, collection_of
from monitor.core.errors import CheckFailed
from monitor.core.outcome import EvidenceValue


def unshown(side: str, traffic: Traffic, *, what: str, collection: str, token: str) -> CheckFailed:
    """
    Return what it means that the page does not show *what*, a document of *collection* that holds *token*.
    """
    facts: dict[str, EvidenceValue] = {"collection": collection, "sockets": len(traffic.sockets)}
    if traffic.has_event(token):
        text = f"the {side}'s page got the event of {what} and does not show it: see what it does with events"
        return seen(Observed.EVENT_NOT_SHOWN, side, text, **facts)
    if not traffic.sockets:
        text = f"the {side}'s page does not show {what}: it opened no socket: see its console, and what subscribes"
        return seen(Observed.NO_SUBSCRIPTION, side, text, **facts)
    if not any(socket.is_connected for socket in traffic.sockets):
        how = traffic.sockets[-1].ended or "it stays silent"
        text = f"the {side}'s page got no event of {what}: realtime takes no socket ({how}): see realtime"
        return seen(Observed.NO_EVENT, side, text, **facts, socket=how)
    if collection not in {collection_of(channel) for channel in traffic.channels()}:
        text = f"the {side}'s page does not show {what}: its socket lives, and does not listen to {collection!r}"
        return seen(Observed.NO_SUBSCRIPTION, side, f"{text}: see its console, and what subscribes", **facts)
    ended = all(socket.ended for socket in traffic.sockets)
    text = f"the {side}'s page listens to {collection!r} and got no event of {what}, though it is there"
    text += "; its socket ended" if ended else ""
    return seen(Observed.NO_EVENT, side, f"{text}: see realtime and its Redis", **facts)
