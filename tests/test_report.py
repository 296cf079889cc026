import json
from io import StringIO

import junitparser
import pytest

from monitor.core.outcome import Outcome, Phase, Reason, Status
from monitor.core.redaction import MASK, Redactor
from monitor.report import as_json, as_junit, as_text, exit_code, summary
from tests.outcomes import outcome_of

FAILED = outcome_of(
    Status.FAILED, Reason.NO_EVENT, message="no event, mail ann@example.com", phases={Phase.CONNECT: 0.01}
)


@pytest.mark.parametrize(
    ("statuses", "strict", "code"),
    [
        pytest.param([Status.PASSED], False, 0, id="all passed"),
        pytest.param([], False, 0, id="nothing ran"),
        pytest.param([Status.DEGRADED], False, 0, id="degraded"),
        pytest.param([Status.DEGRADED], True, 1, id="degraded, strictly"),
        pytest.param([Status.PASSED, Status.FAILED], False, 1, id="failed"),
        pytest.param([Status.ERRORED], False, 3, id="errored"),
        pytest.param([Status.MISSED], False, 3, id="missed"),
        pytest.param([Status.ERRORED, Status.FAILED, Status.MISSED], False, 1, id="failed beats errored and missed"),
    ],
)
def test_the_exit_code_says_the_worst(statuses: list[Status], strict: bool, code: int) -> None:
    assert exit_code([outcome_of(status) for status in statuses], strict=strict) == code


def test_text_shows_verdict_steps_phases_and_message() -> None:
    lines = as_text(FAILED).splitlines()

    assert lines[0].split() == ["✗", "chat-delivery", "failed:", "no_event", "250ms"]
    assert lines[1].split() == ["write", "200ms", "✗"]
    assert lines[2].split() == ["connect", "10ms"]
    assert lines[3] == "  → no event, mail ann@example.com"


def test_text_lists_the_texts_of_the_evidence_below_the_message_and_says_how_many_it_leaves_out() -> None:
    evidence = {"breaking": ("a\x1b[2J\nb", *(str(number) for number in range(24))), "status": 400, "additive": ()}

    lines = as_text(outcome_of(Status.FAILED, Reason.SCHEMA, message="differs", evidence=evidence)).splitlines()

    assert lines[2:5] == ["  → differs", "    breaking:", "      a�[2J b"]
    assert lines[-2:] == ["      18", "      … and 5 more"]


def test_json_holds_every_outcome_without_secrets() -> None:
    document = json.loads(as_json([FAILED, outcome_of()], code=1, redact=Redactor()))

    assert document["exit_code"] == 1
    assert [outcome["status"] for outcome in document["outcomes"]] == ["failed", "passed"]
    assert document["outcomes"][0]["message"] == f"no event, mail {MASK}"
    assert document["outcomes"][0]["run_id"] == "0123456789abcdef"


def test_json_holds_no_secret_in_any_fact_of_the_evidence() -> None:
    outcome = outcome_of(Status.FAILED, Reason.SCHEMA, evidence={"missing": ("a", "ann@example.com"), "status": 400})

    document = json.loads(as_json([outcome], code=1, redact=Redactor()))

    assert document["outcomes"][0]["evidence"] == {"missing": ["a", MASK], "status": 400}


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        pytest.param(outcome_of(), None, id="passed"),
        pytest.param(outcome_of(Status.DEGRADED, Reason.SLOW), None, id="degraded"),
        pytest.param(FAILED, junitparser.Failure, id="failed"),
        pytest.param(outcome_of(Status.ERRORED, Reason.INTERNAL), junitparser.Error, id="errored"),
        pytest.param(outcome_of(Status.MISSED, Reason.NOT_STARTED), junitparser.Skipped, id="missed"),
    ],
)
def test_junit_tells_failures_errors_and_skips_apart(outcome: Outcome, result: type | None) -> None:
    suite = next(iter(junitparser.JUnitXml.fromfile(StringIO(as_junit([outcome], redact=Redactor())))))

    results = next(iter(suite)).result
    assert [type(each) for each in results] == ([] if result is None else [result])


def test_junit_is_well_formed_whatever_a_target_answers() -> None:
    hostile = outcome_of(Status.FAILED, Reason.PROTOCOL, message="<b>\x00\x1b[31m]]> & \ud800 \"'")

    suite = next(iter(junitparser.JUnitXml.fromfile(StringIO(as_junit([hostile], redact=Redactor())))))

    assert "<b>" in next(iter(suite)).result[0].message


def test_the_summary_counts_by_status() -> None:
    assert summary([FAILED, outcome_of(), outcome_of()]) == "2 passed, 1 failed"
