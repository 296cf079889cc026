"""
Structured logs: one event, one line, ``noun.past_participle`` and then fields.

Lines go to stderr, unbuffered; as JSON for machines, as ``key=value`` for people at a terminal.
"""

import logging
import sys
from contextlib import suppress
from functools import lru_cache
from io import TextIOBase
from typing import Literal, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor

from monitor.core.redaction import Redactor, redact_texts

# Fields that hold free text; the others are names, numbers and ids from closed sets.
_TEXT_FIELDS = ("event", "message", "error", "place", "exception", "logger_message", "problems")


def configure_logs(
    *,
    level: str = "info",
    format: Literal["auto", "json", "text"] = "auto",  # noqa: A002 - the configuration's own word
    redact: Redactor | None = None,
    stream: TextIO | None = None,
) -> None:
    """
    Send every log line of the program, and the libraries' warnings, to *stream* (stderr by default).
    """
    out = stream or sys.stderr
    as_json = format == "json" or (format == "auto" and not out.isatty())
    lossy = cast("TextIO", _Unfailing(out))
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.processors.LogfmtRenderer(key_order=["time", "level", "event"], bool_as_flag=False)
    )
    before: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
        _Redacting(redact or Redactor()),
    ]
    structlog.configure(
        processors=[*before, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(lossy),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(lossy)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer], foreign_pre_chain=before
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class _Unfailing(TextIOBase):
    """
    A stream that drops what cannot be written: a full disk, or a reader that has gone, must not stop a run.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()


class _Redacting:
    """
    Passes the text fields of every line through the redactor.
    """

    def __init__(self, redact: Redactor) -> None:
        # The same few texts are written again and again: 11 of 35 µs a line went into masking them anew.
        self._redact = lru_cache(maxsize=256)(redact)

    def __call__(self, _logger: object, _method: str, event: EventDict) -> EventDict:
        for field in _TEXT_FIELDS:
            if field in event:
                event[field] = redact_texts(event[field], self._redact)
        return event
