"""
The machine's own network: which answers count as one, and what is said when there is none.
"""

import socket
from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from checks.own_network import OwnNetwork
from monitor.core.outcome import Outcome, Status
from tests.conftest import Platform
from tests.fakes.hostile import answering, http, serving, silent


def uplink(*references: str) -> OwnNetwork:
    return OwnNetwork.model_validate({"name": "uplink", "timeout": "1s", "references": references})


async def look(platform: Platform, *references: str) -> Outcome:
    return await platform.run(uplink(*references))


@pytest.fixture
def closed() -> Iterator[int]:
    """
    The number of a port at which nobody listens.
    """
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(http(b""), id="a-page"),
        pytest.param(http(b"", status="503 Busy"), id="an-error"),
        pytest.param(b"220 mail.example ESMTP\r\n", id="no-http-at-all"),
    ],
)
async def test_whatever_answers_has_been_reached(platform: Platform, answer: bytes) -> None:
    async with serving(answering(answer)) as port:
        outcome = await look(platform, f"http://127.0.0.1:{port}/")

    assert outcome.status is Status.PASSED


@pytest.mark.asyncio
async def test_a_port_that_takes_connections_is_enough(platform: Platform) -> None:
    async with serving(silent) as port:
        outcome = await look(platform, f"tcp://127.0.0.1:{port}")

    assert outcome.status is Status.PASSED


@pytest.mark.asyncio
async def test_one_of_several_is_enough(platform: Platform, closed: int) -> None:
    async with serving(silent) as port:
        outcome = await look(platform, f"tcp://127.0.0.1:{closed}", f"tcp://127.0.0.1:{port}")

    assert outcome.status is Status.PASSED


@pytest.mark.asyncio
async def test_when_none_answers_it_is_the_monitors_own_network(platform: Platform, closed: int) -> None:
    async with serving(silent) as quiet:
        outcome = await look(platform, f"tcp://127.0.0.1:{closed}", f"http://127.0.0.1:{quiet}/")

    assert outcome.status is Status.ERRORED
    assert outcome.evidence["own"] == "network"
    assert "no reference can be reached" in outcome.message
    assert len(outcome.message) <= 200


@pytest.mark.asyncio
async def test_names_that_nobody_resolves_are_ours_though_an_address_answers(platform: Platform) -> None:
    async with serving(silent) as port:
        outcome = await look(platform, "http://nobody.invalid/", f"tcp://127.0.0.1:{port}")

    assert (outcome.status, outcome.evidence.get("phase")) == (Status.ERRORED, "dns")
    assert "no name can be resolved" in outcome.message


@pytest.mark.parametrize(
    "reference", ["ftp://a/", "tcp://name:53", "tcp://1.1.1.1", "https://", "http://[::1", "http://a:99999/", "a"]
)
def test_refuses_what_cannot_be_asked(reference: str) -> None:
    with pytest.raises(ValidationError, match="must be http"):
        uplink(reference)
