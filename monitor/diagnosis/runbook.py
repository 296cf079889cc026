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
from monitor.diagnosis.rule import Rule
from monitor.diagnosis.rules import RULES

_URGENCY: Mapping[Severity, str] = {
    Severity.PAGE: "pages, unless its checks are configured as less urgent",
    Severity.TICKET: "a ticket, never a page",
    Severity.INFO: "for information only",
}
_UNKNOWN = """# unknown

No rule fits what was seen: that is said rather than guessed.

## Look here

1. `monitor incidents` tells which checks are wrong, and where.
2. `monitor once CHECK` runs one by hand, with every step and its time.
3. `monitor once --bundle evidence.html` writes all of it down, without secrets, for whoever can tell more.

## Do this

1. Look for what changed at the time that `since` names: a deployment, a schema, a key, a plan.
2. When it is the monitor itself that cannot judge, its log says why; nothing is known of the platform until then.
3. Report it: a cause that nobody knew before becomes a rule.
"""


def runbook_of(cause: Cause) -> str:
    """
    Return the runbook of *cause*, as Markdown. Names in angle brackets are those of the target.
    """
    rules = [rule for rule in RULES if rule.cause is cause]
    if not rules:
        return _UNKNOWN
    return "\n".join(_lines(cause, rules)) + "\n"


def _lines(cause: Cause, rules: list[Rule]) -> Iterator[str]:
    yield f"# {cause}"
    yield ""
    yield from dict.fromkeys(f"{_sentence(rule.means)}." for rule in rules)
    yield ""
    yield f"Urgency: {_URGENCY[rules[0].most]}."
    yield from _section("Proved by", _says(rule.proofs for rule in rules))
    yield from _section("May also look like", _says(rule.hints for rule in rules))
    yield from _section("Brings with it", _says(rule.follows for rule in rules))
    yield from _section("Ruled out when", _says(rule.unless for rule in rules))
    yield ""
    yield "## Do this"
    yield ""
    moves = dict.fromkeys(move for rule in rules for move in rule.remedy)
    yield from (f"{number}. {_named(move)}" for number, move in enumerate(moves, 1))
    yield from _section("What would change this opinion", dict.fromkeys(rule.opinion for rule in rules if rule.opinion))


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
