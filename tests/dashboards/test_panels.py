"""
Every question that the dashboards ask has an answer: of a real Prometheus that scrapes a real daemon.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import aiohttp
import pytest

from tests.dashboards.asking import answer_to, chosen_in, offered
from tests.dashboards.dashboard import DASHBOARDS, Query, all_panels, all_queries, expanded, labels_in, query_variables
from tests.dashboards.scraper import Prometheus, Series
from tests.dashboards.watched import Watched, watched

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

# What shows nothing while all is well, and why; it must show something once things have gone wrong.
EMPTY_WHEN_WELL = {
    "overview: annotation Incidents A": "no incident is open",
    "journey: annotation Incidents A": "no incident is open",
    "realtime: annotation Incidents A": "no incident is open",
    "access: annotation Incidents A": "no incident is open",
    "monitor: annotation Incidents A": "no incident is open",
    "overview: Open incidents A": "no incident is open",
    "overview: Checks that fail A": "no check fails",
    "overview: Failed runs by reason A": "no run failed",
    "overview: Time to detect A": "no incident opened",
    "overview: Time to detect B": "no incident opened",
    "overview: Time to detect, over time A": "no incident opened",
    "overview: Incidents opened A": "no incident opened",
    "journey: Where it breaks A": "no step failed",
    "journey: Failed runs by reason A": "no run failed",
    "realtime: Events that went wrong A": "every event was delivered",
    "realtime: What went wrong, by check A": "every event was delivered",
    "access: Runs that failed of access or schema A": "no run failed",
    "monitor: Runs that erred, by check A": "no run erred",
    "monitor: Age of the oldest that waits A": "nothing waits for a sink",
    "monitor: Findings A": "no check is believed to be wrong",
}
# The same, except that a slow machine may show them when all is well, too: what a run has just made waits for its end.
PERHAPS_EMPTY_WHEN_WELL = {
    "monitor: Left behind, by collection A": "everything has been removed",
    "monitor: Age of the oldest that is left A": "everything has been removed",
}
# Trouble of the platform: no event arrives, and everybody may read the messages.
OF_THE_PLATFORM: Mapping[str, Mapping[str, object]] = {"realtime_silent": {}, "permission_excess": {}}
# Trouble of the monitor's own: its key cannot remove, and may not look.
OF_THE_MONITOR: Mapping[str, Mapping[str, object]] = {
    "server_error": {"identity": "key", "methods": "write", "path": "/databases"},
    "key_scope": {},
}
SHOWN_BY_TROUBLE_OF_THE_MONITOR = {"monitor: Runs that erred, by check A", *PERHAPS_EMPTY_WHEN_WELL}
_PATIENCE_SECONDS = 30.0
# As far back as a dashboard looks here; longer than the test, so that what was seen once is seen on.
_RANGE_SECONDS = 120.0


class Asked:
    """
    Asks what panels ask when a dashboard is opened, and keeps what is wrong with an answer.
    """

    def __init__(self, prometheus: Prometheus) -> None:
        self._prometheus = prometheus
        self.wrong: dict[str, str] = {}

    async def pending(self, queries: Iterable[Query]) -> list[Query]:
        """
        Return those that have no answer yet that shows something.
        """
        chosen = {name: await chosen_in(name, self._prometheus) for name in DASHBOARDS}
        asked = list(queries)
        answers = [await self._answer(query, chosen[query.dashboard]) for query in asked]
        for query, answer in zip(asked, answers, strict=True):
            for series in answer:
                if lacks := labels_in(query.legend) - series.labels.keys():
                    self.wrong[query.name] = f"its legend shows {sorted(lacks)}, and a series has {dict(series.labels)}"
        pairs = zip(asked, answers, strict=True)
        return [query for query, answer in pairs if not any(series.is_number for series in answer)]

    async def _answer(self, query: Query, chosen: Mapping[str, str]) -> list[Series]:
        now = time.time()
        return await answer_to(query, self._prometheus, chosen=chosen, at=now, range_seconds=_RANGE_SECONDS)


async def answered(asked: Asked, queries: Sequence[Query], *, seconds: float = _PATIENCE_SECONDS) -> list[Query]:
    """
    Ask until all of *queries* have an answer, or for *seconds*; return those that have none.
    """
    ends_at = time.monotonic() + seconds
    while (pending := await asked.pending(queries)) and time.monotonic() < ends_at:
        queries = pending
        await asyncio.sleep(0.5)
    return pending


async def gone(asked: Asked, queries: Sequence[Query]) -> list[Query]:
    """
    Ask until none of *queries* has an answer any more, for as long as is patient; return those that have one.
    """
    ends_at = time.monotonic() + _PATIENCE_SECONDS
    while True:
        pending = await asked.pending(queries)
        answered_still = [query for query in queries if query not in pending]
        if not answered_still or time.monotonic() > ends_at:
            return answered_still
        await asyncio.sleep(0.5)


def names(queries: Iterable[Query]) -> set[str]:
    return {query.name for query in queries}


def switch_on(world: Watched, faults: Mapping[str, Mapping[str, object]]) -> None:
    for name, parameters in faults.items():
        world.sandbox.faults.switch_on(name, **parameters)


async def test_every_query_is_answered_in_good_and_bad_times_and_none_about_now_once_the_daemon_is_gone(
    tmp_path: Path,
) -> None:
    queries = all_queries()
    silent = EMPTY_WHEN_WELL | PERHAPS_EMPTY_WHEN_WELL
    async with watched(tmp_path) as world:
        asked = Asked(world.prometheus)
        unanswered = names(await answered(asked, [query for query in queries if query.name not in silent]))
        quiet = names(await asked.pending([query for query in queries if query.name in EMPTY_WHEN_WELL]))
        await _offers_everything(world)

        last = [query for query in queries if query.name in SHOWN_BY_TROUBLE_OF_THE_MONITOR]
        switch_on(world, OF_THE_PLATFORM)
        waiting = await answered(asked, [query for query in queries if query.name in silent and query not in last])
        switch_on(world, OF_THE_MONITOR)
        waiting += await answered(asked, last)
        await _leads_to_runs(world)

        world.end()
        stale = names(
            await gone(asked, [query for panel in all_panels() if panel.is_about_now for query in panel.queries()])
        )

    assert not stale, "says how it is now, of a daemon that is gone"
    assert not unanswered, "no data although all is well"
    assert quiet == EMPTY_WHEN_WELL.keys(), "declared as empty when all is well"
    assert not names(waiting), "no data although everything went wrong"
    assert not asked.wrong


async def _offers_everything(world: Watched) -> None:
    for dashboard in DASHBOARDS:
        chosen = await chosen_in(dashboard, world.prometheus)
        for name, question in query_variables(dashboard):
            assert await offered(question, chosen, world.prometheus), f"{dashboard}: ${name}"


async def _leads_to_runs(world: Watched) -> None:
    """
    Prove that the panels which show exemplars get some, with the id of a run that has a page.
    """
    for panel in all_panels():
        for target in panel.json["targets"]:
            if target["exemplar"]:
                chosen = await chosen_in(panel.dashboard, world.prometheus)
                expr = expanded(target["expr"], {**chosen, "__rate_interval": "10s"})
                found = await world.prometheus.exemplars(expr, start=time.time() - _RANGE_SECONDS, end=time.time())
                ids = [each["labels"]["run_id"] for series in found for each in series["exemplars"]]
                assert ids, panel.name
                assert ids[-1] in await _page_of(f"{world.address}/runs/{ids[-1]}"), panel.name


async def _page_of(url: str) -> str:
    async with aiohttp.request("GET", url, timeout=aiohttp.ClientTimeout(total=10.0)) as answer:
        assert answer.status == 200
        return await answer.text()
