"""
Journeys on profiles that nobody would write: each ends in a verdict, and leaves nothing.
"""

import random
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.core.check import Check
from monitor.core.outcome import Status
from monitor.journey.profiles import NAMES, _built_in
from tests.conftest import Platform
from tests.journey.story import holdings, journey

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

PLAYED = 20
VALUES: tuple[Any, ...] = (
    *("{booking}", "{chat}", "{start}", "pending", "", "2030-01-01", "x" * 60, "é\n"),
    *(0, -1, 1.5, True, [], ["a"], ["{text}", 1], {"a": 1}, {"$id": "{booking}"}, {"not": "a"}, {"after": 1}, None),
)


def some_profile(chance: random.Random) -> dict[str, Any]:
    """
    Return a profile in which a few values, and attributes, are others.
    """
    like = chance.choice(NAMES)
    profile: dict[str, Any] = {"like": like, "share": chance.choice(["backend", "nobody", ["team:synthetic-pair"]])}
    for _ in range(chance.randrange(1, 4)):
        part = chance.choice(["booking", "dashboard", "chat", "message", "reply", "notification", "accept", "decline"])
        inner = _built_in(like).get(part, {})
        where = chance.choice([each for each in ("data", "where") if each in inner] or ["data"])
        key = chance.choice([*inner.get(where, {"x": 1}), "$id", "sentAt", "no_such"])
        profile.setdefault(part, {}).setdefault(where, {})[key] = chance.choice(VALUES)
    return profile


def some_check(chance: random.Random) -> Check:
    """
    Return a check with such a profile that the configuration would take.
    """
    while True:
        kind = chance.choice(["booking_to_chat", "booking_ends"])
        profile = some_profile(chance)
        for part in ("chat", "notification"):
            if profile["like"] == "march":
                profile.setdefault(part, {}).update(within="100ms", objective=None)
        settings = {"keep": "100ms"} if kind == "booking_ends" else {}
        try:
            return journey(kind, profile=profile, customer="customer", event_within="100ms", **settings)
        except ValidationError:
            continue


@pytest.mark.parametrize("seed", range(4))
async def test_every_profile_that_is_taken_ends_in_a_verdict_and_leaves_nothing(platform: Platform, seed: int) -> None:
    chance = random.Random(seed)
    before = holdings(platform.sandbox)

    for _ in range(PLAYED):
        check = some_check(chance)
        outcome = await platform.run(check)
        assert outcome.status in {Status.PASSED, Status.DEGRADED, Status.FAILED}, (outcome.message, check)
        assert len(outcome.message) <= 200
        assert holdings(platform.sandbox) == before, check
