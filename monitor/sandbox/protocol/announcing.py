"""
Under which names events other than those of documents are announced, and on which channels.
"""

from collections.abc import Mapping, Sequence
from itertools import product

from monitor.sandbox.profile import Profile


def names_of(parts: Mapping[str, str], action: str) -> list[str]:
    """
    Return the names of an event, the most telling first; *parts* are nouns and ids: ``{"teams": "t1"}``.
    """
    # Ids before stars, and all named before none: as a real server lists the names of documents.
    kept = sorted(product((True, False), repeat=len(parts)), key=lambda each: (all(each), not any(each)), reverse=True)
    bare = [
        ".".join(f"{noun}.{id_ if named else '*'}" for (noun, id_), named in zip(parts.items(), each, strict=True))
        for each in kept
    ]
    names = [f"{name}.{action}" for name in bare] + bare
    if len(parts) > 1:
        outer = dict([next(iter(parts.items()))])
        names += names_of(outer, action)[2:]
    return names


def channels_of(channels: Sequence[str], action: str, profile: Profile) -> list[str]:
    """
    Return *channels*, and in versions that have them also those that end in the action.
    """
    suffixed = [f"{channel}.{action}" for channel in channels] if profile.subscribe_messages else []
    return [*channels, *suffixed]
