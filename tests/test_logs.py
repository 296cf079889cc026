import json
import logging
import os
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from monitor.core.redaction import MASK, Redactor
from monitor.logs import configure_logs


@pytest.fixture
def stream() -> Iterator[StringIO]:
    yield StringIO()
    structlog.reset_defaults()
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)


def test_one_event_is_one_line_of_json_with_its_fields(stream: StringIO) -> None:
    configure_logs(format="json", stream=stream)

    structlog.get_logger().info("run.finished", check="chat-delivery", message="two\nlines")

    lines = stream.getvalue().splitlines()
    event = json.loads(lines[0])
    assert len(lines) == 1
    assert (event["event"], event["level"], event["check"]) == ("run.finished", "info", "chat-delivery")
    assert event["time"].endswith("Z")


def test_text_is_one_line_of_keys_and_values(stream: StringIO) -> None:
    configure_logs(format="text", stream=stream)

    structlog.get_logger().warning("run.finished", check="chat-delivery", message="two\nlines")

    assert len(stream.getvalue().splitlines()) == 1
    assert "event=run.finished check=chat-delivery message=two\\nlines" in stream.getvalue()


def test_lines_below_the_level_are_not_written(stream: StringIO) -> None:
    configure_logs(level="warning", stream=stream)

    structlog.get_logger().info("run.finished")

    assert stream.getvalue() == ""


def test_secrets_are_masked_in_text_and_tracebacks_and_ids_stay_whole(stream: StringIO) -> None:
    configure_logs(format="json", stream=stream, redact=Redactor(["opensesame"]))

    error = ValueError("opensesame is wrong")
    log = structlog.get_logger()
    log.error("check.crashed", run_id="081234567890", message="opensesame", problems=["opensesame"], exc_info=error)

    event = json.loads(stream.getvalue())
    assert "opensesame" not in stream.getvalue()
    assert (event["message"], event["problems"], event["run_id"]) == (MASK, [MASK], "081234567890")
    assert event["exception"] == f"ValueError: {MASK} is wrong"


def test_warnings_of_libraries_are_lines_like_ours(stream: StringIO) -> None:
    configure_logs(format="json", stream=stream, redact=Redactor(["opensesame"]))

    logging.getLogger("aiohttp.client").warning("unclosed %s", "opensesame")
    logging.getLogger("aiohttp.client").info("not worth a line")

    event = json.loads(stream.getvalue())
    assert (event["event"], event["level"]) == (f"unclosed {MASK}", "warning")


def test_a_full_disk_stops_no_one_who_logs() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        configure_logs(format="json", stream=full)

        structlog.get_logger().info("run.finished", check="chat-delivery")
        logging.getLogger("aiohttp").warning("unclosed")

        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())
    structlog.reset_defaults()
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)
