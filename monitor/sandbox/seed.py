"""
What a new sandbox holds: the booking platform's database and collections, two users with their team, and a third.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from monitor.sandbox.state.accounts import Membership, User
from monitor.sandbox.state.functions import Function
from monitor.sandbox.state.identifiers import unique_id
from monitor.sandbox.state.schema import Attribute, Index
from monitor.sandbox.state.teams import Team
from monitor.sandbox.state.world import Collection, Database, Document, World

PROJECT = "monitored-app"
DATABASE = "68f76ee1000e64ca8d05"
TEAM = "synthetic-pair"
CUSTOMER = "synthetic-customer"
THERAPIST = "synthetic-therapist"
# In no team: whoever shares something between two must not show it to him.
STRANGER = "synthetic-stranger"
CHAT_FUNCTION = "sendChatMessage"
FUNCTIONS = ("ping", CHAT_FUNCTION)
# The collection of therapists, and the id of the one that there is: pages know therapists by it, not by their users.
THERAPISTS = "therapists_collection_id"
THERAPIST_DOCUMENT = "6b02f6ee8a1001117ba0"
# The platform's second bookings collection, which nothing writes to.
OTHER_BOOKINGS = "bookings_collection_id"

_CREATE_BY_USERS = ('create("users")',)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """
    One of the users, with what is needed to sign in.
    """

    id: str
    email: str
    password: str = field(repr=False)


def new_person(id_: str) -> Person:
    """
    Return a user to be, with a password of this sandbox alone.
    """
    return Person(id=id_, email=f"{id_}@example.com", password=secrets.token_urlsafe(16))


def seed(world: World, *, people: Sequence[Person], stranger: Person, empty: bool) -> None:
    """
    Fill *world*; *empty* leaves the collections out. *people* become members of the team, *stranger* does not.
    """
    now = world.now()
    database = Database(id=DATABASE, name="main", created_at=now, updated_at=now, sequence=world.next_sequence())
    world.databases[database.id] = database
    world.teams[TEAM] = Team(id=TEAM, name=TEAM, created_at=now, updated_at=now)
    for number, person in enumerate(people, start=1):
        user = _add_user(world, person)
        user.memberships.append(Membership(id=f"{TEAM}-{number}", team_id=TEAM, joined_at=user.created_at))
    _add_user(world, stranger)
    for id_ in FUNCTIONS:
        world.functions.by_id[id_] = Function(
            id=id_, name=id_, runs=id_, created_at=now, execute=("any",), deployment_id=unique_id()
        )
    if empty:
        return
    for collection_id, (attributes, indexed) in _schema(now).items():
        sequence, open_to_all = database.next_sequence(), collection_id == THERAPISTS
        database.collections[collection_id] = Collection(
            id=collection_id,
            database_id=database.id,
            name=collection_id,
            created_at=now,
            updated_at=now,
            permissions=('read("any")', *_CREATE_BY_USERS) if open_to_all else _CREATE_BY_USERS,
            document_security=not open_to_all,
            attributes={each.key: each for each in attributes},
            indexes={f"idx_{indexed}": _index(indexed, collection=sequence, now=now)},
            sequence=sequence,
        )
    _add_therapist(database.collections[THERAPISTS], now=now)


def _add_therapist(therapists: Collection, *, now: str) -> None:
    therapists.documents[THERAPIST_DOCUMENT] = Document(
        id=THERAPIST_DOCUMENT,
        sequence=therapists.documents.next_sequence(),
        permissions=(),
        created_at=now,
        updated_at=now,
        data={"name": "Ayu Lestari", "userId": THERAPIST, "location": "Seminyak", "price": 250},
    )


def _add_user(world: World, person: Person) -> User:
    name = person.id.replace("-", " ").title()
    return world.accounts.create(id_=person.id, name=name, email=person.email, password=person.password)


def _schema(now: str) -> dict[str, tuple[Iterable[Attribute], str]]:
    def id_of(key: str) -> Attribute:
        return Attribute(key=key, type="string", size=36, required=True, created_at=now)

    def text(key: str, *, size: int, required: bool = False) -> Attribute:
        return Attribute(key=key, type="string", size=size, required=required, created_at=now)

    def one_of(key: str, *elements: str) -> Attribute:
        return Attribute(key=key, type="string", format="enum", elements=elements, required=True, created_at=now)

    def number(key: str) -> Attribute:
        return Attribute(key=key, type="integer", minimum=0, maximum=100_000, created_at=now)

    def flag(key: str) -> Attribute:
        return Attribute(key=key, type="boolean", created_at=now)

    def moment(key: str, *, required: bool = False) -> Attribute:
        return Attribute(key=key, type="datetime", required=required, created_at=now)

    booking = (
        id_of("userId"),
        id_of("therapistId"),
        one_of("status", "pending", "confirmed", "cancelled"),
        number("durationMinutes"),
        flag("paid"),
        moment("startsAt", required=True),
    )
    session = (
        id_of("bookingId"),
        id_of("userId"),
        id_of("therapistId"),
        one_of("status", "open", "closed"),
        moment("openedAt"),
    )
    message = (
        id_of("sessionId"),
        id_of("senderId"),
        text("text", size=2000, required=True),
        flag("read"),
        moment("sentAt"),
    )
    notification = (
        id_of("userId"),
        one_of("kind", "booking", "message", "system"),
        text("body", size=500),
        flag("read"),
        number("priority"),
        moment("createdAtClient"),
    )
    therapist = (text("name", size=255, required=True), id_of("userId"), text("location", size=255), number("price"))
    return {
        "bookings": (booking, "userId"),
        "chat_sessions": (session, "bookingId"),
        "chat_messages": (message, "sessionId"),
        "notifications": (notification, "userId"),
        OTHER_BOOKINGS: (booking, "userId"),
        THERAPISTS: (therapist, "userId"),
    }


def _index(attribute: str, *, collection: int, now: str) -> Index:
    key = f"idx_{attribute}"
    return Index(id=f"1_{collection}_{key}", key=key, type="key", created_at=now, attributes=(attribute,))
