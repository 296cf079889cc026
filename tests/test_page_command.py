import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.e2e.process import Ended, ended, line_with, monitor, running
from tests.fakes.pagerduty import API_TOKEN, ROUTING_KEY, FakePagerDuty, Standing
from tests.fakes.receiver import Receiver, Reply, Script, always

pytestmark = [pytest.mark.asyncio, pytest.mark.slow]


@pytest_asyncio.fixture
async def pagerduty() -> AsyncIterator[FakePagerDuty]:
    async with FakePagerDuty() as pagerduty:
        yield pagerduty


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as receiver:
        yield receiver


class Config:
    """
    A configuration whose sinks are given as they are added.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "monitor.yaml"
        self._sinks: dict[str, str] = {}
        self._write()

    def add_pagerduty(self, pagerduty: FakePagerDuty, more: str = "") -> None:
        self.add(
            "pagerduty",
            f"routing_key: {ROUTING_KEY}, url: '{pagerduty.enqueue_url}', api_url: '{pagerduty.url}', {more}",
        )

    def add(self, name: str, settings: str) -> None:
        self._sinks[name] = settings
        self._write()

    def _write(self) -> None:
        sinks = ", ".join(f"{name}: {{{settings}}}" for name, settings in self._sinks.items())
        self.path.write_text(
            "target: {name: production, endpoint: http://127.0.0.1:1/v1, project: p, database: d}\n"
            "location: fra1\nchecks: {there: {kind: http_endpoint, url: http://127.0.0.1:1/}}\n"
            f"sinks: {{{sinks}}}\n"
        )

    async def page(self, *words: str) -> Ended:
        end = await monitor("page", "-c", str(self.path), *words)
        assert "Traceback" not in end.out + end.err
        assert ROUTING_KEY not in end.out + end.err
        assert API_TOKEN not in end.out + end.err
        return end


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(tmp_path)


def transitions(receiver: Receiver) -> list[tuple[str, str, str]]:
    """
    Return purpose, severity and transition of what a webhook was sent.
    """
    said: list[dict[str, Any]] = [each.json for each in receiver.requests]
    return [(each["purpose"], each["incident"]["severity"], each["event"]) for each in said]


async def test_every_sink_gets_one_page_and_its_end_and_whoever_can_be_asked_is_asked(
    config: Config, pagerduty: FakePagerDuty, receiver: Receiver
) -> None:
    config.add_pagerduty(pagerduty, f"api_token: {API_TOKEN}")
    config.add("webhook", f"url: '{receiver.url}/hook'")

    end = await config.page("--test", "--hold", "0s")

    [page] = pagerduty.pages
    assert end.code == 0
    assert page.summary.startswith("TEST PAGE: sent by hand with `monitor page --test`")
    assert (page.standing, len(page.events)) == (Standing.RESOLVED, 2)
    assert transitions(receiver) == [("test", "page", "opened"), ("test", "page", "resolved")]
    lines = end.out.splitlines()
    assert lines[0].startswith("test page test-")
    assert lines[0].endswith(" of production from fra1")
    assert any(line.startswith("  pagerduty     delivered in ") and line.endswith("; it says: open") for line in lines)
    assert any(line.startswith("  webhook       delivered in ") and "cannot be asked" in line for line in lines)
    assert "  pagerduty     resolved; it says: resolved" in lines
    assert "  webhook       resolved" in lines


async def test_one_that_refuses_is_named_with_its_reason_and_keeps_no_other_from_its_page(
    config: Config, pagerduty: FakePagerDuty, receiver: Receiver
) -> None:
    config.add_pagerduty(pagerduty)
    config.add("webhook", f"url: '{receiver.url}/hook-of-ours'")
    receiver.faults = always(Reply(status=403, body=b"go away, hook-of-ours"))

    end = await config.page("--test", "--hold", "0s")

    assert end.code == 1
    assert "  webhook       refused: webhook at 127.0.0.1:" in end.out
    assert "answered 403 (go away, [redacted])" in end.out
    assert [page.standing for page in pagerduty.pages] == [Standing.RESOLVED]
    # What it refused it does not have open.
    assert len(receiver.requests) == 1


async def test_one_that_takes_it_and_shows_nothing_has_proved_nothing(config: Config, pagerduty: FakePagerDuty) -> None:
    config.add_pagerduty(pagerduty, f"api_token: {API_TOKEN}")
    pagerduty.faults = Script([Reply(status=202, body=b"{}")])

    end = await config.page("--test", "--hold", "0s")

    assert end.code == 1
    assert "  pagerduty     taken, but it does not show it, or does not answer: see its rules\n" in end.out


async def test_the_end_is_tried_again_and_a_page_that_stays_open_is_told(config: Config, receiver: Receiver) -> None:
    config.add("webhook", f"url: '{receiver.url}/hook'")
    receiver.faults = Script([None, Reply(status=503), None])
    recovers = await config.page("--test", "--hold", "0s")
    receiver.faults = Script([None, Reply(status=503)], stays=True)

    stays = await config.page("--test", "--hold", "0s")

    assert (recovers.code, stays.code) == (0, 1)
    assert "  webhook       resolved\n" in recovers.out
    assert "  webhook       not resolved, do it by hand if it is open there: webhook at " in stays.out


async def test_one_that_may_have_it_is_told_its_end(config: Config, receiver: Receiver) -> None:
    config.add("webhook", f"url: '{receiver.url}/hook'")
    receiver.faults = Script([Reply(status=503), None])

    end = await config.page("--test", "--hold", "0s")

    assert end.code == 1
    assert "  webhook       not taken now, a daemon would try again: webhook at " in end.out
    assert [event for _, _, event in transitions(receiver)] == ["opened", "resolved"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
async def test_whoever_ends_it_early_leaves_no_page_open(
    config: Config, pagerduty: FakePagerDuty, number: signal.Signals, code: int
) -> None:
    config.add_pagerduty(pagerduty)

    async with running("page", "-c", str(config.path), "--test", "--hold", "1h") as process:
        await line_with(process.stdout, "resolving it in 1h")
        opened = list(pagerduty.open_pages)
        process.send_signal(number)
        end = await ended(process)

    assert len(opened) == 1
    assert pagerduty.open_pages == []
    assert (end.code, end.err.strip()) == (code, "")


async def test_only_the_chosen_sink_is_sent_to(config: Config, pagerduty: FakePagerDuty, receiver: Receiver) -> None:
    config.add_pagerduty(pagerduty)
    config.add("webhook", f"url: '{receiver.url}/hook'")

    end = await config.page("--test", "--sink", "webhook", "--hold", "0s")

    assert end.code == 0
    assert pagerduty.requests == []
    assert "pagerduty" not in end.out


async def test_a_sink_that_no_real_page_reaches_says_so(config: Config, receiver: Receiver) -> None:
    config.add("webhook", f"url: '{receiver.url}/hook', severities: [ticket, info]")

    end = await config.page("--test", "--hold", "0s")

    assert end.code == 0
    assert "; a real page is not sent here, only info, ticket\n" in end.out


async def test_the_heartbeat_is_named_and_not_beaten(config: Config, receiver: Receiver) -> None:
    config.add("webhook", f"url: '{receiver.url}/hook'")
    config.add("heartbeat", f"url: '{receiver.url}/ping'")

    end = await config.page("--test", "--hold", "0s")

    assert end.out.endswith("  heartbeat     is configured; only a daemon beats it, and this was none\n")
    assert {request.path for request in receiver.requests} == {"/hook"}


@pytest.mark.parametrize(
    ("sinks", "words", "says"),
    [
        pytest.param({}, ["--test"], "sinks: none is configured, so nobody is told of anything", id="no-sink"),
        pytest.param(
            {"heartbeat": "url: http://127.0.0.1:1/p"}, ["--test"], "sinks: none is configured", id="only-heartbeat"
        ),
        pytest.param(
            {"webhook": "url: http://127.0.0.1:1/p"},
            ["--test", "--sink", "webhok"],
            "unknown sink 'webhok': did you mean 'webhook'?",
            id="unknown-sink",
        ),
        pytest.param({"webhook": "url: http://127.0.0.1:1/p"}, [], "add --test", id="no-test"),
        pytest.param(
            {"webhook": "url: http://127.0.0.1:1/p"}, ["--test", "--hold", "5"], "--hold: must be a", id="hold"
        ),
    ],
)
async def test_a_mistake_is_one_clear_sentence(
    config: Config, sinks: dict[str, str], words: list[str], says: str
) -> None:
    for name, settings in sinks.items():
        config.add(name, settings)

    end = await config.page(*words)

    assert (end.code, end.out) == (2, "")
    assert says in end.err
