"""
What a new sandbox holds: the booking platform's database and collections, two users with their team, and a third.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from monitor.sandbox.booking_platform import PLANS, THERAPISTS, Plan
from monitor.sandbox.state.accounts import Membership, User
from monitor.sandbox.state.functions import Function
from monitor.sandbox.state.identifiers import unique_id
from monitor.sandbox.state.schema import Index
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
# The id of the therapist that there is: pages know therapists by their documents, not by their users.
THERAPIST_DOCUMENT = "6b02f6ee8a1001117ba0"


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
    for collection_id, plan in PLANS.items():
        _add_collection(database, collection_id, plan, now=now)
    _add_therapist(database.collections[THERAPISTS], now=now)


def _add_collection(database: Database, collection_id: str, plan: Plan, *, now: str) -> None:
    sequence = database.next_sequence()
    database.collections[collection_id] = Collection(
        id=collection_id,
        database_id=database.id,
        name=collection_id,
        created_at=now,
        updated_at=now,
        permissions=plan.permissions,
        document_security=plan.document_security,
        attributes={each.key: replace(each, created_at=now) for each in plan.attributes},
        indexes={f"idx_{key}": _index(key, collection=sequence, now=now) for key in plan.indexed},
        sequence=sequence,
    )


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


def _index(attribute: str, *, collection: int, now: str) -> Index:
    key = f"idx_{attribute}"
    return Index(id=f"1_{collection}_{key}", key=key, type="key", created_at=now, attributes=(attribute,))
