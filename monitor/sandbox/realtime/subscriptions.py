"""
What a client asks to listen to: in the address, where channels share numbered slots, or in a message.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.sandbox.profile import Profile
from monitor.sandbox.realtime.filters import parse_filters
from monitor.sandbox.realtime.refusal import BAD_MESSAGE, POLICY, bad_message
from monitor.sandbox.state.identifiers import unique_id
from monitor.sandbox.state.queries import Query

_ACTIONS = ("create", "update", "upsert", "delete")
# A parameter as PHP reads it: ``documents=…``, ``documents[]=…``, ``documents[1]=…`` or ``documents[1][]=…``.
_PARAMETER = re.compile(r"(.+?)(?:\[([^\[\]]*)\](?:\[[^\[\]]*\])?)?")

Slot = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    One subscription that somebody asks for; an event must fit all *queries*.
    """

    id: str
    channels: tuple[str, ...]
    queries: tuple[Query, ...] = ()


def rewrite(channels: Iterable[str], user_id: str | None, profile: Profile) -> tuple[str, ...]:
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
        elif user_id and action in _ACTIONS and profile.subscribe_messages:
            kept[f"account.{user_id}.{action}"] = None
    return tuple(kept)


def from_url(pairs: Sequence[tuple[str, str]], channels: Sequence[str], profile: Profile) -> dict[Slot, Asked]:
    """
    Return the subscriptions of a handshake, by slot; channels without queries share slot 0.
    """
    slots: dict[Slot, tuple[list[str], list[str]]] = {}
    for channel in channels:
        found = _slots(pairs, channel) if profile.tablesdb_channels else {}
        for slot, texts in (found or {0: []}).items():
            names, queries = slots.setdefault(slot, ([], []))
            names.append(channel)
            # The first channel of a slot that has queries gives them to all.
            queries.extend([] if queries else texts)
    return {
        slot: Asked(id=unique_id(), channels=tuple(names), queries=parse_filters(queries, refused_with=POLICY))
        for slot, (names, queries) in slots.items()
    }


def from_message(data: object, user_id: str | None, profile: Profile) -> list[Asked]:
    """
    Return the subscriptions that a ``subscribe`` message asks for; all are read before any takes effect.
    """
    if not isinstance(data, list):
        raise bad_message("Payload is not valid.")
    return [_from_item(each, user_id, profile) for each in data]


def _from_item(item: object, user_id: str | None, profile: Profile) -> Asked:
    if not isinstance(item, Mapping):
        raise bad_message("Each subscribe payload must be an object.")
    if "channels" not in item:
        raise bad_message("channels is not present in payload.")
    id_ = item.get("subscriptionId", "")
    if not isinstance(id_, str):
        raise bad_message("Payload is not valid.")
    queries = _texts(item.get("queries", []), "queries")
    return Asked(
        id=id_ or unique_id(),
        channels=rewrite(_texts(item["channels"], "channels"), user_id, profile),
        queries=parse_filters(queries, refused_with=BAD_MESSAGE, prefix="Invalid query: "),
    )


def _slots(pairs: Iterable[tuple[str, str]], channel: str) -> dict[Slot, list[str]]:
    slots: dict[Slot, list[str]] = {}
    for name, value in pairs:
        match = _PARAMETER.fullmatch(name)
        # PHP turns the dots of a parameter's name into underscores.
        if match and match[1] in {channel, channel.replace(".", "_")}:
            slots.setdefault(_slot(match[2], slots), []).append(value)
    return slots


def _slot(key: str | None, slots: Mapping[Slot, object]) -> Slot:
    if not key:
        return 0 if key is None else max((each for each in slots if isinstance(each, int)), default=-1) + 1
    return int(key) if key.isdecimal() and len(key) < len(str(1 << 63)) else key


def _texts(value: object, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise bad_message(f"{name} is not a valid array.")
    return value
