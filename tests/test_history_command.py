from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.alerting.records import Batch, Ran
from monitor.core.outcome import Reason, Status
from tests.commands import SECRET, Folder
from tests.outcomes import outcome_of

pytestmark = pytest.mark.slow

BEGAN_AT = datetime(2026, 1, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def ran(minute: int, status: Status = Status.PASSED, reason: Reason | None = None, **changes: Any) -> Ran:
    at = BEGAN_AT + timedelta(minutes=minute)
    outcome = outcome_of(status, reason, **{"started_at": at, "tick": minute, **changes})
    return Ran(check=outcome.check, ended_at=outcome.ended_at, document=outcome.as_json())


def test_every_run_is_one_line_and_the_end_says_what_they_amount_to(folder: Folder) -> None:
    failed = ran(1, Status.FAILED, Reason.NO_EVENT, message="no event reached therapist", duration_seconds=5.0)
    # As the history keeps a run that passed.
    passed = ran(2, steps=()).document
    lean = {key: value for key, value in passed.items() if value}
    folder.keep(Batch(runs=[ran(0), failed, Ran(check="chat-delivery", ended_at=failed.ended_at, document=lean)]))

    end = folder.run("history", "chat-delivery")

    assert end.code == 0
    assert end.out.splitlines() == [
        "2026-01-23 09:00:00Z ✓ passed                       250ms",
        "2026-01-23 09:01:00Z ✗ failed: no_event                5s  write: no event reached therapist",
        "2026-01-23 09:02:00Z ✓ passed                       250ms",
        "3 runs of chat-delivery since 2026-01-23 09:00:00 UTC: 2 passed, 1 failed",
        "66.6% right; last change at 2026-01-23 09:01:05 UTC: failed → passed",
    ]


def test_one_failure_in_ten_thousand_does_not_read_as_none(folder: Folder) -> None:
    failed = ran(0, Status.FAILED, Reason.TIMEOUT)
    folder.keep(Batch(runs=[failed, *(ran(minute) for minute in range(1, 10_000))]))

    assert "\n99.9% right; " in folder.run("history", "chat-delivery").out


@pytest.mark.parametrize(
    ("status", "reason", "says"),
    [
        pytest.param(Status.DEGRADED, Reason.SLOW, "100% right; no change", id="slow-is-right"),
        pytest.param(Status.ERRORED, Reason.INTERNAL, "nothing could be judged; no change", id="errored"),
    ],
)
def test_what_is_right_is_a_matter_of_verdicts(folder: Folder, status: Status, reason: Reason, says: str) -> None:
    folder.keep(Batch(runs=[ran(0, status, reason)]))

    assert folder.run("history", "chat-delivery").out.endswith(f"\n{says}\n")


def test_the_options_choose_and_the_counts_stay_of_all(folder: Folder) -> None:
    now = datetime.now(UTC)
    ages = {"old": 180, "failed-1": 90, "passed": 60, "failed-2": 30}
    runs = []
    for name, minutes in ages.items():
        status, reason = (Status.FAILED, Reason.TIMEOUT) if "failed" in name else (Status.PASSED, None)
        runs.append(ran(0, status, reason, started_at=now - timedelta(minutes=minutes), run_id=name))
    folder.keep(Batch(runs=runs))

    document = folder.json("history", "chat-delivery", "--since", "2h", "--failed")
    last = folder.json("history", "chat-delivery", "--failed", "--limit", "1")

    assert [run["run_id"] for run in document["outcomes"]] == ["failed-1", "failed-2"]
    assert (document["runs"], document["counts"]["passed"]) == (3, 1)
    assert [run["run_id"] for run in last["outcomes"]] == ["failed-2"]
    assert last["runs"] == 4


def test_the_document_holds_the_runs_as_they_are_stored(folder: Folder) -> None:
    runs = [ran(0), ran(1, Status.FAILED, Reason.TIMEOUT, evidence={"phase": "connect", "hosts": ("a", "b")})]
    folder.keep(Batch(runs=runs))

    document = folder.json("history", "chat-delivery")

    assert document.pop("monitor")
    assert document == {
        "check": "chat-delivery",
        "outcomes": [run.document for run in runs],
        "runs": 2,
        "counts": {"passed": 1, "degraded": 0, "failed": 1, "errored": 0, "missed": 0},
        "percent_right": 50.0,
        "first_at": "2026-01-23T09:00:00.250+00:00",
        "last_change": {"at": "2026-01-23T09:01:00.250+00:00", "from": "passed", "to": "failed"},
    }


def test_a_check_that_is_not_configured_any_more_has_its_history(folder: Folder) -> None:
    folder.keep(Batch(runs=[ran(0, check="chat-of-old")]))

    kept, guess = folder.run("history", "chat-of-old"), folder.run("history", "chat-of-odl")

    assert "1 run of chat-of-old" in kept.out
    assert (guess.code, guess.err) == (2, "unknown check 'chat-of-odl': did you mean 'chat-of-old'?\n")


def test_a_configured_check_without_runs_has_none(folder: Folder) -> None:
    folder.keep(Batch(runs=[ran(0)]))

    end = folder.run("history", "chat-access")

    assert (end.code, end.out) == (0, "no run of chat-access is kept\n")


@pytest.mark.parametrize(("name", "code"), [("chat-access", 0), ("chat-acess", 2)])
def test_without_a_store_a_name_is_still_checked(folder: Folder, name: str, code: int) -> None:
    end = folder.run("history", name)

    assert (end.code, end.out) == (code, "")
    assert ("did you mean 'chat-access'?" if code else "nothing is known: no daemon has kept") in end.err
    assert not folder.store.exists()


def test_what_a_newer_configuration_holds_for_secret_is_taken_out_of_older_history(folder: Folder) -> None:
    failed = ran(0, Status.FAILED, Reason.WRONG_ANSWER, message=f"got {SECRET}", evidence={"body": f"({SECRET})"})
    folder.keep(Batch(runs=[failed]))

    text, document = folder.run("history", "chat-delivery"), folder.json("history", "chat-delivery")

    assert "write: got [redacted]\n" in text.out
    assert document["outcomes"][0]["evidence"] == {"body": "([redacted])"}
