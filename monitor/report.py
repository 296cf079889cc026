"""
Outcomes as people and programs read them: lines, JSON, JUnit XML.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from xml.etree import ElementTree as ET

from monitor import __version__
from monitor.core.duration import show_duration
from monitor.core.outcome import Outcome, Status
from monitor.core.redaction import Redactor, redact_all, redacted
from monitor.diagnosis.diagnosis import Diagnosis
from monitor.diagnosis.text import as_lines

MARKS = {Status.PASSED: "✓", Status.DEGRADED: "~", Status.FAILED: "✗", Status.ERRORED: "!", Status.MISSED: "-"}
# Of a list in the evidence; the whole is in the JSON.
_MOST_LISTED = 20
_JUNIT_ELEMENTS = {Status.FAILED: "failure", Status.ERRORED: "error", Status.MISSED: "skipped"}


def exit_code(outcomes: Iterable[Outcome], *, strict: bool) -> int:
    """
    Return 0 when all passed, 1 when one failed (or was degraded, if *strict*), 3 when the monitor itself erred.
    """
    found = {outcome.status for outcome in outcomes}
    if Status.FAILED in found or (strict and Status.DEGRADED in found):
        return 1
    return 3 if found & {Status.ERRORED, Status.MISSED} else 0


def counted(number: int, thing: str) -> str:
    """
    Return ``1 check`` or ``2 checks``.
    """
    return f"{number} {thing}{'' if number == 1 else 's'}"


def headline(outcome: Outcome) -> str:
    """
    Return the verdict in one line: ``✗ chat-delivery  failed: no_event  5.1s``.
    """
    status = outcome.status.value + (f": {outcome.reason}" if outcome.reason else "")
    return f"{MARKS[outcome.status]} {outcome.check:<24} {status:<28} {show_duration(outcome.duration_seconds):>7}"


def as_text(outcome: Outcome) -> str:
    """
    Return the verdict, every step with its time, the phases on the wire, and what was wrong.
    """
    lines = [headline(outcome)]
    width = max((len(step.name) for step in outcome.steps), default=0)
    lines += [
        f"    {step.name:<{width}}  {show_duration(step.duration_seconds):>7}{'' if step.passed else '  ✗'}"
        for step in outcome.steps
    ]
    if outcome.phases:
        lines.append("    " + " · ".join(f"{phase} {show_duration(took)}" for phase, took in outcome.phases.items()))
    if outcome.message:
        lines.append(f"  → {outcome.message}")
    for name, facts in outcome.evidence.items():
        if isinstance(facts, tuple) and facts and all(isinstance(fact, str) for fact in facts):
            lines += _listed(name, [str(fact) for fact in facts])
    return "\n".join(lines)


def summary(outcomes: Sequence[Outcome]) -> str:
    """
    Return the counts by status: ``4 passed, 1 failed``.
    """
    counts = Counter(outcome.status for outcome in outcomes)
    return ", ".join(f"{counts[status]} {status}" for status in Status if counts[status]) or "nothing ran"


def as_json(
    outcomes: Sequence[Outcome],
    *,
    code: int,
    redact: Redactor,
    asked: Sequence[Outcome] = (),
    diagnoses: Sequence[Diagnosis] = (),
    target: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """
    Return all *outcomes* and the exit *code* as one JSON document, with what they come to.

    *asked* are those of checks that were run beside them, to tell causes apart; *target* is what may be shown of it.
    """
    document = {
        "monitor": __version__,
        "exit_code": code,
        "target": redact_all(target, redact),
        "outcomes": [redacted(outcome, redact) for outcome in outcomes],
        "asked": [redacted(outcome, redact) for outcome in asked],
        "diagnoses": [redact_all(each.as_json(), redact) for each in diagnoses],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def as_junit(outcomes: Sequence[Outcome], *, redact: Redactor, diagnoses: Sequence[Diagnosis] = ()) -> str:
    """
    Return all *outcomes* as JUnit XML: a failed run is a failure, an errored one an error, a missed one skipped.

    What they come to stands in the output of the suite.
    """
    suite = ET.Element(
        "testsuite",
        name="monitor",
        tests=str(len(outcomes)),
        failures=str(sum(outcome.status is Status.FAILED for outcome in outcomes)),
        errors=str(sum(outcome.status is Status.ERRORED for outcome in outcomes)),
        skipped=str(sum(outcome.status is Status.MISSED for outcome in outcomes)),
        time=f"{sum(outcome.duration_seconds for outcome in outcomes):.3f}",
    )
    for outcome in outcomes:
        case = ET.SubElement(
            suite, "testcase", classname=outcome.kind, name=outcome.check, time=f"{outcome.duration_seconds:.3f}"
        )
        if element := _JUNIT_ELEMENTS.get(outcome.status):
            message = _printable(redact(outcome.message))
            ET.SubElement(case, element, type=str(outcome.reason), message=message)
        ET.SubElement(case, "system-out").text = _printable(redact(as_text(outcome)))
    if diagnoses:
        said = "\n\n".join("\n".join(as_lines(each)) for each in diagnoses)
        ET.SubElement(suite, "system-out").text = _printable(redact(said))
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True)


def _listed(name: str, facts: Sequence[str]) -> list[str]:
    more = [f"      … and {len(facts) - _MOST_LISTED} more"] if len(facts) > _MOST_LISTED else []
    return [f"    {name}:", *(f"      {_printable(' '.join(fact.split()))}" for fact in facts[:_MOST_LISTED]), *more]


def _printable(text: str) -> str:
    # XML 1.0 has no way to write most control characters, and a target may send any.
    return "".join(character if character.isprintable() or character in "\n\t" else "�" for character in text)
