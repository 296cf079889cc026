"""
What differs from one version of Appwrite to the next, as far as callers can tell.

Source: the version table of the protocol reference; ``1.9`` is held to the recordings of a real 1.9.6.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """
    One version.

    *text_sequences*: ``$sequence`` is a string, not a number. *ids_in_messages*: a 404 names what was looked for.
    *subscribe_messages*: sockets may open without channels and subscribe by message; events also go to the channels
    that end in their action. *tablesdb_channels*: events also go to ``tablesdb.…`` channels, and frames name
    subscriptions. *inline_attributes*: a collection is created with its attributes at once.
    *name_required*: an update of a database or collection must name it.
    *key_beats_session*: a key and a session together are no error. *jwt_durations*: callers choose how long a JWT
    lasts.
    *tells_create_roles*: a refused creation names the roles that may. *late_queries*: ``regex``, ``containsAny`` and
    ``containsAll`` are known.
    *clear_refusals*: realtime tells why it refuses a handshake with 1008, though production hides such texts elsewhere.
    """

    version: str
    text_sequences: bool
    ids_in_messages: bool
    subscribe_messages: bool
    tablesdb_channels: bool
    inline_attributes: bool
    name_required: bool
    key_beats_session: bool
    jwt_durations: bool
    tells_create_roles: bool
    late_queries: bool
    clear_refusals: bool


V1_8 = Profile(
    version="1.8.1",
    text_sequences=False,
    ids_in_messages=False,
    subscribe_messages=False,
    tablesdb_channels=False,
    inline_attributes=False,
    name_required=True,
    key_beats_session=False,
    jwt_durations=False,
    tells_create_roles=False,
    late_queries=False,
    clear_refusals=False,
)
V1_9 = Profile(
    version="1.9.6",
    text_sequences=True,
    ids_in_messages=True,
    subscribe_messages=True,
    tablesdb_channels=True,
    inline_attributes=True,
    name_required=False,
    key_beats_session=True,
    jwt_durations=True,
    tells_create_roles=True,
    late_queries=True,
    clear_refusals=True,
)
PROFILES: Mapping[str, Profile] = {"1.8": V1_8, "1.9": V1_9}


def profile_named(name: str) -> Profile:
    """
    Return a profile by its name in ``PROFILES``.
    """
    try:
        return PROFILES[name]
    except KeyError:
        known = " or ".join(repr(each) for each in PROFILES)
        raise ConfigError(f"no profile {name!r}: choose {known}") from None
