"""
What differs from one version of Appwrite to the next, as far as callers can tell.

Source: the version table of the protocol reference; ``1.9`` is held to the recordings of a real 1.9.6.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """
    One version.

    *text_sequences*: ``$sequence`` is a string, not a number. *ids_in_messages*: a 404 names what was looked for.
    *subscribe_messages*: sockets may open without channels and subscribe by message; events also go to the channels
    that end in their action. *tablesdb_channels*: events also go to ``tablesdb.…`` channels, and frames name
    subscriptions. *inline_attributes*: a collection is created with its attributes at once.
    """

    version: str
    text_sequences: bool
    ids_in_messages: bool
    subscribe_messages: bool
    tablesdb_channels: bool
    inline_attributes: bool
    key_beats_session: bool


V1_8 = Profile(
    version="1.8.1",
    text_sequences=False,
    ids_in_messages=False,
    subscribe_messages=False,
    tablesdb_channels=False,
    inline_attributes=False,
    key_beats_session=False,
)
V1_9 = Profile(
    version="1.9.6",
    text_sequences=True,
    ids_in_messages=True,
    subscribe_messages=True,
    tablesdb_channels=True,
    inline_attributes=True,
    key_beats_session=True,
)
PROFILES: Mapping[str, Profile] = {"1.8": V1_8, "1.9": V1_9}
