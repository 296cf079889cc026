"""
The runbook of a cause, made of its rules: ``python -m monitor.diagnosis.runbook FOLDER`` writes all of them.

What stands there and what a diagnosis says come from one place, so that they cannot differ.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from monitor.core.cause import Cause
from monitor.core.severity import Severity
from monitor.diagnosis.clue import Clue
from monitor.diagnosis.consequence import CONSEQUENCES
from monitor.diagnosis.rule import Rule
from monitor.diagnosis.rules import RULES

_URGENCY: Mapping[Severity, str] = {
    Severity.PAGE: "pages, unless its checks are configured as less urgent",
    Severity.TICKET: "a ticket, never a page",
    Severity.INFO: "for information only",
}
_UNKNOWN_MEANS = "No rule fits what was seen: that is said rather than guessed."
_UNKNOWN_MOVES = (
    "look for what changed at the time that `since` names: a deployment, a schema, a key, a plan",
    "when it is the monitor itself that cannot judge, its log says why; nothing is known of the platform until then",
    "report it: a cause that nobody knew before becomes a rule",
)
# The last word of every runbook; `resolve_after` and the rest are explained in the README.
_OVER = """## When it is over

The incident ends by itself, and whoever was told is told of it, after `alerts.resolve_after` right runs in a row (2 by
default) of every check in it; a check that flaps is watched for ten minutes more. To know at once:
`monitor once` exits with 0, and `monitor incidents` shows nothing open. While somebody
works on it, `monitor silence CHECK --for 1h --reason …` keeps others asleep."""


def runbook_of(cause: Cause) -> str:
    """
    Return the runbook of *cause*, as Markdown. Names in angle brackets are those of the target.
    """
    return "\n".join(_lines(cause, [rule for rule in RULES if rule.cause is cause])) + "\n"


def _lines(cause: Cause, rules: list[Rule]) -> Iterator[str]:
    yield f"# {cause}"
    yield ""
    yield from dict.fromkeys(f"{_sentence(rule.means)}." for rule in rules) or (_UNKNOWN_MEANS,)
    yield ""
    yield f"For people on the platform: {CONSEQUENCES[cause].noticed}"
    yield ""
    yield f"Urgency: {_urgency(cause, rules)}."
    yield from _where_to_look(cause)
    yield ""
    yield "## Do this"
    yield ""
    moves = dict.fromkeys(move for rule in rules for move in rule.remedy) or _UNKNOWN_MOVES
    yield from (f"{number}. {_named(move)}" for number, move in enumerate(moves, 1))
    yield from _section("Proved by", _says(rule.proofs for rule in rules))
    yield from _section("May also look like", _says(rule.hints for rule in rules))
    yield from _section("Brings with it", _says(rule.follows for rule in rules))
    yield from _section("Ruled out when", _says(rule.unless for rule in rules))
    yield from _section("What would change this opinion", dict.fromkeys(rule.opinion for rule in rules if rule.opinion))
    yield ""
    yield _OVER


def _urgency(cause: Cause, rules: list[Rule]) -> str:
    if cause is Cause.PERMISSION_EXCESS:
        return "pages, whatever its checks say"
    return _URGENCY[rules[0].most if rules else Severity.PAGE]


def _where_to_look(cause: Cause) -> Iterator[str]:
    view = CONSEQUENCES[cause].view
    yield ""
    yield "## Look here"
    yield ""
    yield "1. `monitor incidents`: since when, which checks, what was seen, who has been told"
    yield f"2. dashboard [{view.title}](../{view.dashboard}.json); in Prometheus `{view.query}`"
    again = " ".join(f"--kind {kind}" for kind in view.kinds)
    yield f"3. `monitor once {again}`: the same again, now, with every step and its time"
    yield "4. `monitor history CHECK --since 2h --failed`: when it began, and how it came"
    yield "5. `monitor once CHECK --bundle evidence.html`: all of it in a page without secrets"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield ""
        yield f"## {title}"
        yield ""
        yield from (f"- {_named(line)}" for line in told)


def _says(clues: Iterable[tuple[Clue, ...]]) -> Iterable[str]:
    return dict.fromkeys(clue.says for each in clues for clue in each)


def _sentence(text: str) -> str:
    named = _named(text)
    return named[:1].upper() + named[1:]


def _named(text: str) -> str:
    return text.replace("{", "<").replace("}", ">")


def main(folder: Path) -> None:
    """
    Write the runbook of every cause into *folder*.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for cause in Cause:
        (folder / f"{cause}.md").write_text(runbook_of(cause), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
