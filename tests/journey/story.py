"""
Journeys on the sandbox, what they leave there, and a hand that meddles with it while they are played.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from aiohttp import web

from monitor.core.cause import Cause
from monitor.core.check import Check
from monitor.core.outcome import Outcome, Reason, Status
from monitor.registry import load_registry
from monitor.sandbox.faults.fault import Fault
from monitor.sandbox.protocol.answers import Answer
from monitor.sandbox.protocol.routing import Call, Route
from monitor.sandbox.server import Sandbox
from monitor.sandbox.state.world import Document
from tests.conftest import failed_steps

PAIR = "team:synthetic-pair"
# The customer whom each of the platform's versions was made for.
BOOKED_BY = {"march": "customer", "january": "guest"}


def journey(kind: str = "booking_to_chat", **settings: Any) -> Check:
    """
    Return a journey of March, as the customer and the therapist, that does not wait long for anything.
    """
    profile = settings.get("profile", "march")
    like = profile if isinstance(profile, str) else str(profile.get("like", "march"))
    usual = {
        "profile": "march",
        "customer": BOOKED_BY[like],
        "therapist": "therapist",
        "every": "1m",
        "timeout": "10s",
        "event_within": "500ms",
    }
    return _kinds()[kind].model_validate({"name": "checked", **usual, **settings})


@cache
def _kinds() -> Mapping[str, type[Check]]:
    return load_registry().kinds


def impatient(profile: str = "march") -> dict[str, object]:
    """
    Return *profile*, with no patience for what the platform does.
    """
    soon = {"within": "150ms", "objective": None}
    return {"like": profile, "chat": soon, "notification": soon}


def holdings(sandbox: Sandbox) -> dict[str, object]:
    """
    Return all that the sandbox holds: documents with their permissions, users, and whether they have sessions.
    """
    world = sandbox.world
    documents = {
        f"{collection.id}/{id_}": (document.permissions, document.data)
        for collection in world.collections.values()
        for id_, document in collection.documents.items()
    }
    return documents | {user.id: len(user.sessions) for user in world.accounts.users.values()}


def verdict(outcome: Outcome) -> tuple[Status, Reason | None, list[str]]:
    """
    Return the status, the reason and the steps that failed.
    """
    return outcome.status, outcome.reason, failed_steps(outcome)


def permit(sandbox: Sandbox, collection: str, *permissions: str) -> None:
    """
    Add to the permissions of a collection.
    """
    sandbox.world.collections[collection].permissions += permissions


@contextmanager
def counting(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """
    Count what comes in, as ``POST`` or ``socket``.
    """
    counts: Counter[str] = Counter()
    answer = sandbox._answer

    async def count(request: web.Request) -> web.StreamResponse:
        counts["socket" if request.path.endswith("/realtime") else request.method] += 1
        return await answer(request)

    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "_answer", count)
        yield counts


class Meddling(Fault):
    """
    Does whatever a test wants with the answer to a call, after the call has had its effect.
    """

    cause = Cause.UNKNOWN
    does: Callable[[Call, Answer], Answer | None]

    def after(self, call: Call, route: Route, answer: Answer) -> Answer:
        return (answer.status < 300 and self.does(call, answer)) or answer


def meddle(sandbox: Sandbox, does: Callable[[Call, Answer], Answer | None]) -> None:
    """
    Have *does* look at every good answer from here on; what it returns goes out in its place.
    """
    sandbox.faults._active["meddling"] = Meddling(does=does)


def is_write(call: Call, answer: Answer, collection: str, *, status: int) -> bool:
    """
    Return whether the call wrote a document of *collection*: 201 creates it, 200 updates it.
    """
    asked = call.path.get("collection") or call.path.get("table")
    is_one = isinstance(answer.body, Mapping) and "$permissions" in answer.body and "$sequence" in answer.body
    return asked == collection and is_one and answer.status == status and bool(call.fields.get("data"))


def change(sandbox: Sandbox, collection: str, *, data: Mapping[str, object] | None = None, **changes: Any) -> None:
    """
    Change every document of *collection* as nothing in the platform should; no event is sent.
    """
    documents: dict[str, Document] = sandbox.world.collections[collection].documents
    for id_, document in tuple(documents.items()):
        documents[id_] = replace(document, data={**document.data, **(data or {})}, **changes)


def on_create(sandbox: Sandbox, collection: str, act: Callable[[], object]) -> None:
    """
    Have *act* done right after every document that a caller creates in *collection*.
    """

    def does(call: Call, answer: Answer) -> None:
        if is_write(call, answer, collection, status=201):
            act()

    meddle(sandbox, does)


def after_answer(sandbox: Sandbox, act: Callable[[], object]) -> None:
    """
    Have *act* done as soon as the answer to an update of a booking is out.
    """

    def does(call: Call, answer: Answer) -> None:
        if is_write(call, answer, "bookings", status=200):
            asyncio.get_running_loop().call_soon(act)

    meddle(sandbox, does)


def deafen(sandbox: Sandbox, user_id: str | None, collection: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Lose every event of *collection* on its way to the sockets of one user (None: of guests).
    """
    receivers = sandbox.hub._receivers

    def without(event: Any) -> Any:
        found = receivers(event)
        if any(f".{collection}." in channel for channel in event.channels):
            return {each: ids for each, ids in found.items() if each.user_id != user_id}
        return found

    monkeypatch.setattr(sandbox.hub, "_receivers", without)


def drop(sandbox: Sandbox, user_id: str) -> None:
    """
    End the sockets of one user.
    """
    for connection in tuple(sandbox.hub.connections):
        if connection.user_id == user_id:
            connection.abort()
