"""
A diagnosis as a person reads it: on a terminal, in a chat, in an issue; the same everywhere.
"""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from monitor.diagnosis.diagnosis import Confidence, Diagnosis

_WIDTH = 116
_LABEL_WIDTH = 9
_MOST_LINES = 6
_DOUBTS = {
    Confidence.CERTAIN: "",
    Confidence.LIKELY: " (likely)",
    Confidence.UNKNOWN: "",
}


def headline(diagnosis: Diagnosis) -> str:
    """
    Return the cause in one line, with the causes that explain the same.
    """
    rivals = f", or {' or '.join(diagnosis.rivals)}" if diagnosis.rivals else ""
    return f"{diagnosis.cause}{_DOUBTS[diagnosis.confidence]}{rivals}"


def as_lines(diagnosis: Diagnosis, *, width: int = _WIDTH) -> tuple[str, ...]:
    """
    Return what is wrong, since when, the evidence for and against, what to do, and what would change this opinion.
    """
    since = (f"{diagnosis.since:%Y-%m-%d %H:%M:%S} UTC",) if diagnosis.since else ()
    moves = [f"{number}. {move}" for number, move in enumerate(diagnosis.remedy, 1)]
    parts: tuple[tuple[str, Sequence[str]], ...] = (
        ("what", (diagnosis.summary,)),
        ("since", since),
        ("for", _few(diagnosis.evidence_for)),
        ("against", _few(diagnosis.evidence_against)),
        ("to do", moves),
        ("runbook", (diagnosis.runbook,) if diagnosis.runbook else ()),
        ("unless", diagnosis.opinion),
    )
    lines = (line for label, texts in parts for line in _labelled(label, texts, width))
    return (f"diagnosis: {headline(diagnosis)}", *lines)


def as_text(diagnosis: Diagnosis) -> str:
    """
    Return the same as one text; lines are not folded, since whoever shows it folds them.
    """
    return "\n".join(as_lines(diagnosis, width=100_000))


def _labelled(label: str, texts: Iterable[str], width: int) -> Iterator[str]:
    indent = " " * (2 + _LABEL_WIDTH)
    for number, text in enumerate(texts):
        first = f"  {label if not number else '':<{_LABEL_WIDTH}}"
        # Commands are copied from here: nothing is broken inside a word.
        yield from textwrap.wrap(
            text,
            width,
            initial_indent=first,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [first.rstrip()]


def _few(texts: Sequence[str]) -> Sequence[str]:
    more = len(texts) - _MOST_LINES
    return (*texts[:_MOST_LINES], f"… and {more} more") if more > 0 else texts
