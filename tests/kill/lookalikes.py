"""
What looks like the monitor's and is not: it must be there afterwards as it was, to the last byte.
"""

import secrets
from collections.abc import Iterator

from monitor.sandbox.server import Sandbox
from monitor.sandbox.state.world import Collection, Document

_IDS = (
    # Not quite the mark.
    "synthetic_0123456789abcdef0123456789",
    "Synthetic-0123456789abcdef0123456789",
    "synthetic",
    "synthetic.1",
    "my-synthetic-0123456789abcdef0123456",
    # The mark, but nothing that this monitor has made: another one's, or a person's.
    "synthetic-1",
    "synthetic-0123456789abcdef0123456789",
    # As the platform's own are.
    "68f76f0a001d2c6b9e41",
)
_MARK = "synthetic-0123456789abcdef0123456789"


def plant(sandbox: Sandbox) -> None:
    """
    Put look-alikes into every collection, and among the users with their sessions.
    """
    now = sandbox.world.now()
    for collection in sandbox.world.collections.values():
        for number, id_ in enumerate(_IDS):
            collection.documents[id_] = Document(
                id=id_,
                sequence=collection.documents.next_sequence(),
                permissions=('read("user:synthetic-stranger")',) if number % 2 else (),
                created_at=now,
                updated_at=now,
                data=dict(_data(collection, number)),
            )
    for id_ in ("synthetic_x", "Synthetic-1", "synthetic-1", "68f76f0a001d2c6b9e42"):
        user = sandbox.world.accounts.create(id_=id_)
        sandbox.world.accounts.open_session(user, provider="anonymous", ip="127.0.0.1", agent="Mozilla/5.0")
    for person in (sandbox.customer, sandbox.therapist):
        # A person who has signed in as the test user, to look at something.
        user = sandbox.world.accounts.users[person.id]
        sandbox.world.accounts.open_session(user, provider="email", ip="127.0.0.1", agent="Mozilla/5.0")


def _data(collection: Collection, number: int) -> Iterator[tuple[str, object]]:
    """
    Yield values that the attributes take; texts bear the mark, in one way or another.
    """
    for attribute in collection.attributes.values():
        match attribute.type:
            case "string" if attribute.elements:
                yield attribute.key, attribute.elements[number % len(attribute.elements)]
            case "string":
                yield (
                    attribute.key,
                    (_MARK, f" {_MARK}", _MARK.upper(), secrets.token_hex(8))[number % 4][: attribute.size],
                )
            case "integer":
                yield attribute.key, number
            case "boolean":
                # It calls itself a test.
                yield attribute.key, True
            case "datetime":
                yield attribute.key, "2026-01-05T10:00:00.000+00:00"
