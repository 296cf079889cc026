"""
What a page asks for is what it must: seen in its calls and channels, before anybody looks at what it shows.

A page that is configured wrongly names it in every request. Its calls are judged after each step, since much of a page
goes on working beside one wrong id; that it reads or writes *another collection* only once something fails: many a
site reads others too, and rightly.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.browser.observed import Observed, seen
from monitor.browser.traffic import Call, Traffic, collection_of
from monitor.core.errors import CheckFailed
from monitor.core.outcome import EvidenceValue
from monitor.core.redaction import excerpt
from monitor.core.target import appwrite_id
from monitor.frontend.naming import fold

# More than a page with some subscriptions opens one after another, and sooner than any library tries again.
_MOST_SOCKETS = 5
STORM_SECONDS = 2.0
_NOTHING = frozenset({"undefined", "null", "NaN", "[object Object]"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """
    What the pages must ask for. *concepts*: name → collection. *booked*: the attributes of a booking, *listed*: by what
    the therapist's page finds his: attribute → value.
    """

    project: str
    concepts: Mapping[str, str]
    booked: frozenset[str]
    listed: Mapping[str, str]

    @property
    def collections(self) -> frozenset[str]:
        """
        The collections of the story.
        """
        return frozenset(self.concepts.values())


def miswired(side: str, traffic: Traffic, wiring: Wiring) -> CheckFailed | None:
    """
    Return what is wrong with ids and projects that the page names; None when nothing is.
    """
    projects = [call.project for call in traffic.calls] + [socket.project for socket in traffic.sockets]
    for project in projects:
        if project and project != wiring.project:
            asked = excerpt(project)
            text = f"the {side}'s page asks project {asked!r}, expected {wiring.project!r}: correct the site's settings"
            return seen(Observed.OTHER_PROJECT, side, text, asked=asked, expected=wiring.project)
    for call in traffic.calls:
        if "//" in f"/{call.path}":
            text = (
                f"the {side}'s page sends {call.method} /{call.path[:90]}: an id is empty: correct the site's settings"
            )
            return seen(Observed.EMPTY_ID, side, text, asked=call.path[:120])
    for collection in _asked(traffic):
        if collection not in _NOTHING and not _is_id(collection):
            asked, expected = excerpt(collection), _nearest(collection, wiring)
            text = f"the {side}'s page takes {asked!r} for a collection's id, a display name: expected {expected!r}"
            return seen(Observed.NAME_AS_ID, side, text, asked=asked, expected=expected)
    return _wild_sockets(side, traffic)


def _wild_sockets(side: str, traffic: Traffic) -> CheckFailed | None:
    undefined = next((each for each in traffic.channels() if _NOTHING & set(each.split("."))), "")
    opened = [socket.opened_seconds for socket in traffic.sockets]
    most = max((sum(at <= each < at + STORM_SECONDS for each in opened) for at in opened), default=0)
    if most > _MOST_SOCKETS:
        text = f"the {side}'s page opened {most} sockets within {STORM_SECONDS:g}s"
        text += ", for a channel with an id that is undefined" if undefined else ""
        facts: dict[str, EvidenceValue] = {"channel": undefined[:120]} if undefined else {}
        return seen(Observed.SOCKET_STORM, side, f"{text}: see what opens them again", sockets=len(opened), **facts)
    if undefined:
        text = f"the {side}'s page listens to {undefined[:80]!r}: a setting of the site is not defined"
        return seen(Observed.UNDEFINED_CHANNEL, side, text, channel=undefined[:120])
    return None


def misdirected(side: str, traffic: Traffic, wiring: Wiring, *, tokens: Iterable[str]) -> CheckFailed | None:
    """
    Return which other collection the page reads or writes instead of that of the profile; None when it does not.

    *tokens* are the texts of messages of this run.
    """
    asked = [collection for collection in _asked(traffic) if collection and _is_id(collection)]
    found = _other_written(traffic, wiring, asked=asked, tokens=frozenset(tokens)) if side == "customer" else None
    found = found or _other_read(side, traffic, wiring, asked=asked)
    if found is None:
        return None
    concept, other = found
    expected = wiring.concepts[concept]
    text = f"the {side}'s page uses collection {other!r} for its {concept}, expected {expected!r}"
    text += ": let site and profile name one"
    return seen(Observed.OTHER_COLLECTION, side, text, asked=other, expected=expected, concept=concept)


def _other_written(
    traffic: Traffic, wiring: Wiring, *, asked: Iterable[str], tokens: frozenset[str]
) -> tuple[str, str] | None:
    made = [call for call in traffic.calls if call.method == "POST" and call.collection and not call.document]
    if wiring.concepts["bookings"] not in asked:
        for call in made:
            # Nothing else that the story writes has most of what a booking has.
            if call.collection and 2 * len(wiring.booked & call.data.keys()) > len(wiring.booked):
                return "bookings", call.collection
    for call in made:
        holds_text = any(isinstance(value, str) and value in tokens for value in call.data.values())
        if call.collection and holds_text and call.collection != wiring.concepts["messages"]:
            return "messages", call.collection
    return None


def _other_read(side: str, traffic: Traffic, wiring: Wiring, *, asked: list[str]) -> tuple[str, str] | None:
    channels = {found for each in traffic.channels() if (found := collection_of(each))}
    lists = {call.collection for call in traffic.calls if call.method == "GET" and call.collection}
    concepts = {"therapist": ("dashboard", "messages"), "customer": ("messages",)}[side]
    for concept in concepts:
        expected = wiring.concepts[concept]
        for known, is_channel in ((channels, True), (lists, False)):
            others = [each for each in asked if each in known and each not in wiring.collections]
            if expected in known or (is_channel and not channels):
                continue
            for other in others:
                is_listed = concept == "dashboard" and not is_channel and _lists_his(traffic, other, wiring)
                if is_listed or _alike(other, expected):
                    return concept, other
    return None


def _lists_his(traffic: Traffic, collection: str, wiring: Wiring) -> bool:
    calls = [call for call in traffic.calls if call.collection == collection and call.method == "GET"]
    return any(key in call.queries and value in call.queries for call in calls for key, value in wiring.listed.items())


def _asked(traffic: Traffic) -> list[str]:
    called = [call.collection for call in traffic.calls if call.collection is not None]
    heard = [found for each in traffic.channels() if (found := collection_of(each)) is not None]
    return list(dict.fromkeys([*called, *heard]))


def _alike(one: str, other: str) -> bool:
    folded, other_folded = fold(one), fold(other)
    return bool(folded and other_folded) and (folded in other_folded or other_folded in folded)


def _nearest(name: str, wiring: Wiring) -> str:
    return next((each for each in wiring.collections if _alike(name, each)), "an id of letters, digits, . _ -")


def _is_id(text: str) -> bool:
    try:
        appwrite_id(text)
    except ValueError:
        return False
    return True


def about(call: Call, wiring: Wiring) -> bool:
    """
    Return whether *call* belongs to the story, and is not one of the many others that a page makes.
    """
    return call.collection in wiring.collections or bool(call.function)
