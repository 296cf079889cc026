import json
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from monitor.browser.guard import Guard
from monitor.browser.kept_browser import browser_for
from monitor.browser.traffic import Traffic
from monitor.core.check import Check
from monitor.core.leftover import MARK
from monitor.core.outcome import Status
from monitor.core.run import Run
from monitor.sandbox import seed
from monitor.sandbox.server import Sandbox
from tests.checks.platforms import by_key
from tests.conftest import Platform
from tests.journey.story import holdings
from tests.tools import require

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

DOCUMENTS = f"/databases/{seed.DATABASE}/collections/bookings/documents"
DATA = {
    "userId": "synthetic-customer",
    "therapistId": seed.THERAPIST_DOCUMENT,
    "status": "pending",
    "startsAt": "2030-01-01T00:00:00.000+00:00",
}
# Sends what a page sends, in both ways that pages have; 0 when the browser did not let it go.
SEND = """async ([method, path, body, project, way]) => {
  const headers = { "Content-Type": "application/json", "X-Appwrite-Project": project };
  if (way === "fetch") {
    try {
      const answer = await fetch("/v1" + path, { method, headers, body: body && JSON.stringify(body) });
      return [answer.status, await answer.text()];
    } catch { return [0, ""]; }
  }
  return await new Promise((done) => {
    const asked = new XMLHttpRequest();
    asked.open(method, "/v1" + path);
    Object.entries(headers).forEach(([name, value]) => asked.setRequestHeader(name, value));
    asked.onloadend = () => done([asked.status, asked.responseText]);
    asked.send(body && JSON.stringify(body));
  });
}"""


@pytest.fixture(autouse=True)
def chromium() -> None:
    require("chromium")


class Acting(Check):
    """
    Sends some requests from the site's start page, with the guard at it.
    """

    requests: tuple[tuple[str, str, Any, str, str], ...]
    may_change: tuple[str, ...] = ()
    answers: ClassVar[list[tuple[int, str]]] = []
    traffic: ClassVar[Traffic] = Traffic()

    async def run(self, run: Run) -> None:
        async def name(collection: str) -> str:
            return run.new_id()

        type(self).answers, type(self).traffic = [], Traffic()
        guard = Guard(run, self.traffic, name=name, may_change=self.may_change)
        async with browser_for(run, None) as lease:
            context = await lease.new_context()
            page = await context.new_page()
            await guard.stand_at(context, page)
            await page.goto(str(run.target.site))
            for request in self.requests:
                self.answers.append(tuple(await page.evaluate(SEND, list(request))))


def sent(
    method: str, path: str, body: Any = None, *, project: str = seed.PROJECT, way: str = "fetch"
) -> tuple[Any, ...]:
    return method, path, body, project, way


def acting(*requests: tuple[Any, ...], **settings: Any) -> Check:
    return Acting.model_validate({"name": "acting", "timeout": "30s", "requests": requests, **settings})


def ids(sandbox: Sandbox) -> list[str]:
    return list(sandbox.world.collections["bookings"].documents)


def answered(number: int) -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(Acting.answers[number][1])
    return content


@pytest.mark.parametrize("way", ["fetch", "xhr"])
@pytest.mark.parametrize("chosen", ["unique()", "0123456789abcdef0123"])
async def test_what_a_page_makes_bears_the_mark_and_is_removed(platform: Platform, chosen: str, way: str) -> None:
    before = holdings(platform.sandbox)

    outcome = await platform.run(acting(sent("POST", DOCUMENTS, {"documentId": chosen, "data": DATA}, way=way)))

    assert outcome.status is Status.PASSED, outcome.message
    assert [status for status, _ in Acting.answers] == [201]
    assert answered(0)["$id"].startswith(MARK)
    assert holdings(platform.sandbox) == before


async def test_a_page_may_go_on_with_the_id_that_it_chose(platform: Platform) -> None:
    chosen = "0123456789abcdef0123"
    change = sent("PATCH", f"{DOCUMENTS}/{chosen}", {"data": {"status": "confirmed"}})

    await platform.run(acting(sent("POST", DOCUMENTS, {"documentId": chosen, "data": DATA}), change, change))

    # A guest may not change it: the server was asked, for the document under our id.
    assert [status for status, _ in Acting.answers] == [201, 401, 401]
    assert not Acting.traffic.held_back


async def test_the_same_request_again_makes_no_second_document(platform: Platform) -> None:
    again = sent("POST", DOCUMENTS, {"documentId": "0123456789abcdef0123", "data": DATA})

    await platform.run(acting(again, again))

    assert [status for status, _ in Acting.answers] == [201, 409]


FOREIGN = "belongs-to-somebody"
HELD_BACK = [
    pytest.param(sent("PATCH", f"{DOCUMENTS}/{FOREIGN}", {"data": {"status": "confirmed"}}), id="change another's"),
    pytest.param(sent("DELETE", f"{DOCUMENTS}/{FOREIGN}"), id="delete another's"),
    pytest.param(sent("DELETE", DOCUMENTS), id="delete all"),
    pytest.param(sent("PUT", f"{DOCUMENTS}/{FOREIGN}", {"data": DATA}), id="upsert"),
    pytest.param(sent("POST", DOCUMENTS, {"documents": [{"$id": "one", **DATA}]}), id="make several"),
    pytest.param(sent("POST", DOCUMENTS, {"documentId": "unique()", "data": DATA}, project="other"), id="elsewhere"),
    pytest.param(
        sent("POST", DOCUMENTS.replace(seed.DATABASE, "other"), {"documentId": "unique()", "data": DATA}),
        id="another database",
    ),
    pytest.param(sent("POST", "/account/sessions/anonymous", {}), id="make an account"),
    pytest.param(sent("PATCH", f"{DOCUMENTS}/{FOREIGN}", {"data": {}}, way="xhr"), id="by the older way"),
]


@pytest.mark.parametrize("request_", HELD_BACK)
async def test_what_is_not_the_runs_is_held_back(platform: Platform, request_: tuple[Any, ...]) -> None:
    await by_key(platform, "POST", DOCUMENTS, documentId=FOREIGN, data=DATA, permissions=['update("any")'])
    before = holdings(platform.sandbox)

    await platform.run(acting(request_))

    assert [status for status, _ in Acting.answers] == [0]
    assert len(Acting.traffic.held_back) == 1
    assert holdings(platform.sandbox) == before


async def test_what_the_configuration_allows_is_let_through(platform: Platform) -> None:
    await by_key(
        platform, "POST", DOCUMENTS, documentId=FOREIGN, data=DATA, permissions=['update("any")', 'read("any")']
    )
    change = sent("PATCH", f"{DOCUMENTS}/{FOREIGN}", {"data": {"status": "confirmed"}})

    await platform.run(acting(change, may_change=["bookings"]))

    assert [status for status, _ in Acting.answers] == [200]
    assert ids(platform.sandbox) == [FOREIGN]


async def test_what_only_reads_goes_its_way(platform: Platform) -> None:
    await platform.run(
        acting(sent("GET", f"/databases/{seed.DATABASE}/collections/therapists_collection_id/documents"))
    )

    assert answered(0)["total"] == 1
