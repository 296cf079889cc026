"""
What a socket listens to: channels, rewritten for accounts, and queries that filter what arrives.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.sandbox.errors import query_invalid
from monitor.sandbox.state.identifiers import unique_id
from monitor.sandbox.state.queries import Query, Record, parse

_ALLOWED_METHODS = (
    "equal",
    "notEqual",
    "lessThan",
    "lessThanEqual",
    "greaterThan",
    "greaterThanEqual",
    "isNull",
    "isNotNull",
    "select",
)
_ACTIONS = ("create", "update", "delete")
# Queries in a URL: ``documents[0][]=…``, the name of the channel and the number of the subscription.
_SLOT = re.compile(r"(.+?)\[(\d+)\]\[\d*\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """
    One subscription.
    """

    id: str
    channels: tuple[str, ...]
    queries: tuple[Query, ...] = ()

    def wants(self, payload: Record) -> bool:
        """
        Return whether the payload of an event passes the queries.
        """
        return all(query.fits(payload) for query in self.queries)


def rewrite(channels: Iterable[str], user_id: str | None) -> tuple[str, ...]:
    """
    Return *channels* as the server keeps them: one's own account by id, nobody else's.
    """
    kept: dict[str, None] = {}
    for channel in channels:
        name, dot, action = channel.partition(".")
        if name != "account":
            kept[channel] = None
        elif not dot:
            kept |= {channel: None} | ({f"account.{user_id}": None} if user_id else {})
        elif user_id and (action in _ACTIONS or action == user_id):
            kept[f"account.{user_id}" if action == user_id else f"account.{user_id}.{action}"] = None
    return tuple(kept)


def from_url(pairs: Sequence[tuple[str, str]], channels: Iterable[str]) -> list[Subscription]:
    """
    Return the subscriptions of a handshake, by slot; channels without queries share slot 0.
    """
    slots: dict[int, tuple[list[str], list[str]]] = {}
    for channel in channels:
        for slot, texts in _slots(pairs, channel).items():
            names, queries = slots.setdefault(slot, ([], []))
            names.append(channel)
            queries.extend(texts)
    return [
        Subscription(id=unique_id(), channels=tuple(names), queries=_parse_queries(queries))
        for _, (names, queries) in sorted(slots.items())
    ]


def from_message(item: object, user_id: str | None) -> Subscription:
    """
    Return the subscription that one item of a ``subscribe`` message asks for; raise ``ValueError`` for a bad one.
    """
    if not isinstance(item, Mapping):
        raise ValueError("each subscription must be an object")  # noqa: TRY004 - one class for every bad message
    channels, queries = _texts(item.get("channels")), _texts(item.get("queries", []))
    if not channels:
        raise ValueError("a subscription needs channels")
    return Subscription(
        id=str(item.get("subscriptionId") or unique_id()),
        channels=rewrite(channels, user_id),
        queries=_parse_queries(queries),
    )


def _parse_queries(texts: Sequence[str]) -> tuple[Query, ...]:
    # Attributes are not checked, since neither channels nor collections need exist.
    queries = parse(texts, attributes=None)
    for query in queries:
        if query.method not in _ALLOWED_METHODS:
            allowed = ", ".join(_ALLOWED_METHODS)
            problem = f"Query method '{query.method}' is not supported in Realtime queries. Allowed: {allowed}"
            raise query_invalid(problem)
    return tuple(queries)


def _slots(pairs: Iterable[tuple[str, str]], channel: str) -> dict[int, list[str]]:
    slots: dict[int, list[str]] = {}
    for name, value in pairs:
        match = _SLOT.fullmatch(name)
        # PHP turns the dots of a parameter's name into underscores.
        if match and match[1] in {channel, channel.replace(".", "_")}:
            slots.setdefault(int(match[2]), []).append(value)
    return slots or {0: []}


def _texts(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError("expected a list of texts")
    return value
