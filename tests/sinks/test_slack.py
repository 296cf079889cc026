from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from monitor.core.redaction import Redactor
from monitor.core.severity import Severity
from monitor.incidents.incident import Purpose, Transition
from monitor.sinks.base import Result, Standing
from monitor.sinks.settings import SlackSettings
from monitor.sinks.slack import Slack, harmless
from tests.fakes.receiver import Receiver, Reply, always
from tests.sinks.events import FAILING_SINCE, SetClock, event, finding, incident

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as receiver:
        yield receiver


@pytest_asyncio.fixture
async def sink(receiver: Receiver) -> AsyncIterator[Slack]:
    settings = SlackSettings(url=SecretStr(f"{receiver.url}/services/T0/B0/token-of-slack"))
    sink = Slack(settings, redact=Redactor(), clock=SetClock())
    yield sink
    await sink.close()


def fields_of(message: dict[str, Any]) -> dict[str, str]:
    return {field["title"]: field["value"] for field in message["attachments"][0]["fields"]}


async def test_a_message_says_how_grave_where_what_and_what_to_do(receiver: Receiver, sink: Slack) -> None:
    await sink.deliver(event())

    message = receiver.requests[0].json
    assert message["text"] == (
        "[page · open] production from fra1: chat messages are stored, but no event reaches anybody"
    )
    assert fields_of(message) == {
        "Cause": "realtime_pipeline",
        "Failing since": "2026-01-23 09:33:00 UTC",
        "What to do": incident().remedy,
        "chat-delivery": finding().message,
    }


async def test_the_end_says_how_long_it_lasted(receiver: Receiver, sink: Slack) -> None:
    await sink.deliver(event(Transition.RESOLVED, resolved_at=FAILING_SINCE + timedelta(minutes=20, seconds=7.5)))

    message = receiver.requests[0].json
    assert message["text"].startswith("[page · resolved] production from fra1: ")
    assert fields_of(message)["Lasted"] == "20m"
    assert "What to do" not in fields_of(message)


async def test_a_test_says_so(receiver: Receiver, sink: Slack) -> None:
    await sink.deliver(event(purpose=Purpose.TEST))

    assert ": TEST PAGE: " in receiver.requests[0].json["text"]


async def test_each_severity_and_the_end_have_a_colour_of_their_own(receiver: Receiver, sink: Slack) -> None:
    for severity in Severity:
        await sink.deliver(event(severity=severity))
    await sink.deliver(event(Transition.RESOLVED))

    colours = [received.json["attachments"][0]["color"] for received in receiver.requests]
    assert len(set(colours)) == 4


@pytest.mark.parametrize(
    ("hostile", "never"),
    [
        pytest.param("<!channel>", "<", id="mention-of-all"),
        pytest.param("<@U024BE7LH>", "<", id="mention-of-one"),
        pytest.param("<https://evil.example|your bank>", "<", id="link"),
        pytest.param("@channel @here @everyone", "@c", id="mattermost-mention"),
        pytest.param("[your bank](https://evil.example)", "](", id="markdown-link"),
        pytest.param("&lt;!channel&gt;", "&lt;!channel&gt;", id="escaped-before"),
    ],
)
async def test_what_a_server_says_can_neither_mention_anybody_nor_hide_a_link(
    receiver: Receiver, sink: Slack, hostile: str, never: str
) -> None:
    await sink.deliver(event(summary=hostile, remedy=hostile, findings=(finding(check=hostile, message=hostile),)))

    assert receiver.processed
    assert never not in receiver.requests[0].body.decode()


@pytest.mark.parametrize("text", ["<" * 50_000, "&" * 3000, "@" * 3000, "🧪" * 3000])
async def test_no_part_is_longer_than_slack_shows_nor_cut_within_an_escape(
    receiver: Receiver, sink: Slack, text: str
) -> None:
    found = finding(check=text, message=text)

    await sink.deliver(event(summary=text, remedy=text, findings=(found,) * 100))

    message = receiver.requests[0].json
    parts = [message["text"], *fields_of(message).keys(), *fields_of(message).values()]
    assert max(map(len, parts)) <= 3000
    assert all(part.count("&") == part.count(";") for part in parts)
    assert len(message["attachments"][0]["fields"]) <= 10
    assert len(receiver.requests[0].body) <= 40_000


async def test_a_refusal_is_told_in_slacks_words_without_the_address(receiver: Receiver, sink: Slack) -> None:
    receiver.faults = always(Reply(status=403, body=b"invalid_token: token-of-slack"))

    answer = await sink.deliver(event())

    assert answer.result is Result.REFUSED
    assert "(invalid_token: [redacted])" in answer.why


async def test_it_cannot_be_asked(sink: Slack) -> None:
    assert await sink.standing(incident().dedup_key) is Standing.UNKNOWN


async def test_plain_words_stay_as_they_are() -> None:
    assert harmless("no event within 5s (3 of 4 lost) – see [docs]") == "no event within 5s (3 of 4 lost) – see [docs]"
