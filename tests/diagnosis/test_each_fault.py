"""
Every fault of the sandbox alone: its cause is at the top within two rounds, and it wakes as many as it declares.
"""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext

import pytest
import pytest_asyncio

from tests.diagnosis.deeds import DEEDS, crowd
from tests.diagnosis.expectations import ALONE, FORMS, Expected
from tests.diagnosis.looking import Look, looking, switch_on

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
in_one_loop = pytest.mark.asyncio(loop_scope="module")

SERVER = tuple(each for each in (*ALONE, *FORMS) if not each.is_of_a_page)
# Most of a round is waiting.
_AT_ONCE = 4


async def look_at(expected: Expected) -> Look:
    """
    Return what two rounds see of a fault that is switched on when all is well.
    """
    async with looking() as looker:
        switch_on(looker.sandbox, (expected.phrase,))
        if deed := DEEDS.get(expected.name):
            await deed(looker.sandbox)
        rush: AbstractAsyncContextManager[None] = nullcontext()
        if expected.name == "realtime_crowded":
            rush = crowd(looker.sandbox)
        async with rush:
            return await looker.look()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def looks() -> dict[str, Look]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(expected: Expected) -> tuple[str, Look]:
        async with places:
            return expected.phrase, await look_at(expected)

    crowded = [each for each in SERVER if each.name == "realtime_crowded"]
    found = dict(await asyncio.gather(*(in_turn(each) for each in SERVER if each not in crowded)))
    # The crowd works in this process too, and what it leaves of the time is enough for one.
    return found | {each.phrase: await look_at(each) for each in crowded}


@in_one_loop
@pytest.mark.parametrize("expected", SERVER, ids=str)
async def test_its_cause_is_at_the_top_and_nothing_else_is_named(looks: dict[str, Look], expected: Expected) -> None:
    look = looks[expected.phrase]

    assert expected.cause in [each.cause for round_ in look.rounds for each in round_[:1]]
    assert look.causes in ([expected.cause], [])


@in_one_loop
@pytest.mark.parametrize("expected", SERVER, ids=str)
async def test_it_wakes_as_many_as_it_declares(looks: dict[str, Look], expected: Expected) -> None:
    look = looks[expected.phrase]

    assert look.pages == expected.pages
    assert {each.cause for each in look.opened} <= {expected.cause}
