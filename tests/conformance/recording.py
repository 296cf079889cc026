"""
The recordings of a real server, read under other names.

Ids, names and values are replaced in the whole text of a recording, questions and expected answers alike: a stand-in
that only knew the recorded words by heart would fail.
"""

import json
import lzma
import random
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "recordings"

# Stands inside of other words too, such as the names of cookies.
_PROJECT = "monitored-app"
# What is renamed: ids, e-mails, names, attribute keys and values; none of them is a word of Appwrite's own.
_WORDS = (
    _PROJECT, "68f76ee1000e64ca8d05", "missing-db", "does_not_exist", "app.example.com",
    "bookings", "chat_sessions", "chat_messages", "notifications", "st_none", "st_none_docsec", "st_disabled",
    "st_any_rc", "st_any_all", "st_users", "st_docsec", "st_any_docsec", "lifecycle_databases", "lifecycle_tablesdb",
    "therapistId", "durationMinutes", "paid", "startsAt", "openedAt", "sentAt", "senderId", "createdAtClient", "title",
    "idx_userId", "idx_bookingId", "idx_sessionId", "idx_title", "nope",
    "user_a", "user_b", "user_c", "client_1", "therapist_1", "user.a", "user.b",
    "User A", "User B", "User C", "Client One", "Therapist One",
    "open", "closed", "pending", "confirmed", "cancelled", "seed", "life cycle", "hello", "system",
)  # fmt: skip
_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """
    New words for recorded ones; the one without words leaves everything as recorded.
    """

    words: Mapping[str, str] = field(default_factory=dict)

    def apply(self, text: str) -> str:
        """
        Return *text* with every whole word replaced.
        """
        if not self.words:
            return text
        longest_first = sorted(self.words.keys() - {_PROJECT}, key=len, reverse=True)
        words = "|".join(re.escape(word) for word in longest_first)
        # A word may also follow an escaped quotation mark of an address, and an index its numbers.
        pattern = rf"{_PROJECT}|(?:(?<!\w)|(?<=%22)|(?<=\d_))(?:{words})(?!\w)"
        return re.sub(pattern, lambda match: self.words[match[0]], text)


def renamed(seed: int) -> Renaming:
    """
    Return a renaming of ids, names and values; the same *seed* makes the same.
    """
    source = random.Random(seed)

    def other(text: str) -> str:
        # As long, and with the same kinds of characters: the sizes of answers matter to their compression.
        return "".join(source.choice(next((kind for kind in _KINDS if each in kind), each)) for each in text)

    words = {each: other(each) for each in _WORDS}
    return Renaming(words=words)


def load(topic: str, renaming: Renaming) -> list[dict[str, Any]]:
    """
    Return the records of a topic, in the order of recording.
    """
    text = lzma.decompress((FOLDER / f"{topic}.json.xz").read_bytes()).decode()
    records: list[dict[str, Any]] = json.loads(renaming.apply(text))["exchanges"]
    originals: list[dict[str, Any]] = json.loads(text)["exchanges"]
    # Records keep their own ids and identities, under which deviations are listed.
    for record, original in zip(records, originals, strict=True):
        record |= {key: original[key] for key in ("id", "identity", "listener", "state") if key in original}
        for action, first in zip(record.get("actions", ()), original.get("actions", ()), strict=True):
            action["actor"] = first["actor"]
    return records


def load_world(renaming: Renaming) -> dict[str, Any]:
    """
    Return the set-up that the recordings were made against.
    """
    world: dict[str, Any] = json.loads(renaming.apply((FOLDER / "world.json").read_text()))
    return world
