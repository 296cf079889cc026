"""
Every fault of the site's pages alone, as Chromium and the checks beside it see it.
"""

import asyncio

import pytest
import pytest_asyncio

from tests.diagnosis.expectations import ALONE, Expected
from tests.diagnosis.looking import Look, looking, switch_on
from tests.diagnosis.watched import BROWSER
from tests.tools import require

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
in_one_loop = pytest.mark.asyncio(loop_scope="module")

PAGES = tuple(each for each in ALONE if each.is_of_a_page)
# What asks the backend beside it: that it is well is what makes it the page's fault.
BESIDE = ("api-version", "service-health", "schema", "booking-to-chat", "chat-delivery", "site-bundle", "site-origin")
# A browser is a load.
_AT_ONCE = 2


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def looks() -> dict[str, Look]:
    require("chromium")
    places = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(expected: Expected) -> tuple[str, Look]:
        async with places:
            checks = {"booking-in-browser": BROWSER}
            async with looking(checks=checks, only=("booking-in-browser", *BESIDE)) as looker:
                switch_on(looker.sandbox, (expected.phrase,))
                return expected.phrase, await looker.look()

    return dict(await asyncio.gather(*map(in_turn, PAGES)))


@in_one_loop
@pytest.mark.parametrize("expected", PAGES, ids=str)
async def test_its_cause_is_at_the_top_and_nothing_else_is_named(looks: dict[str, Look], expected: Expected) -> None:
    assert looks[expected.phrase].causes == [expected.cause]


@in_one_loop
@pytest.mark.parametrize("expected", PAGES, ids=str)
async def test_it_wakes_as_many_as_it_declares(looks: dict[str, Look], expected: Expected) -> None:
    look = looks[expected.phrase]

    assert look.pages == expected.pages
    assert {each.cause for each in look.opened} <= {expected.cause}
