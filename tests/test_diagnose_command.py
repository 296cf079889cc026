"""
``monitor diagnose``: what saved outcomes come to, what becomes of a stretch of history, and what is refused.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.core.outcome import Reason, Status
from tests.commands import SECRET, Folder
from tests.outcomes import outcome_of

NOON = datetime(2026, 1, 23, 12, 0, tzinfo=UTC)
MISSING = {"type": "collection_not_found", "status": 404, "identity": "key", "collection": "chat_messages"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def saved(folder: Folder, *outcomes: dict[str, Any], name: str = "now.json", **more: object) -> str:
    path = folder.path / name
    path.write_text(json.dumps({"monitor": "1", "outcomes": outcomes, **more}))
    return str(path)


def run_of(minute: float, reason: Reason | None = None, **changes: Any) -> dict[str, Any]:
    status = Status.FAILED if reason else Status.PASSED
    at = NOON + timedelta(minutes=minute)
    return outcome_of(status, reason, started_at=at, run_id=f"r{minute}", **changes).as_json()


def missing(minute: float = 0.0, **changes: Any) -> dict[str, Any]:
    return run_of(minute, Reason.NOT_FOUND, message="it is gone", evidence=MISSING, **changes)


def odd(**changes: Any) -> str:
    return json.dumps([missing() | changes])


def test_one_look_is_explained(folder: Folder) -> None:
    end = folder.run("diagnose", "--from", saved(folder, missing(), run_of(0.0, check="other")))

    assert end.code == 1
    lines = end.out.splitlines()
    assert lines[0].startswith("2 runs of 2 checks, 2026-01-23 12:00:00 UTC")
    assert "diagnosis: collection_missing" in lines
    assert any("there is no collection chat_messages" in line for line in lines)


def test_with_the_configuration_what_to_do_names_the_target(folder: Folder) -> None:
    config = str(folder.path / "monitor.yaml")

    end = folder.run("diagnose", "--from", saved(folder, missing()), "-c", config)

    assert "--database-id d --collection-id chat_messages" in end.out


def test_nothing_wrong_is_said_and_ends_well(folder: Folder) -> None:
    end = folder.run("diagnose", "--from", saved(folder, run_of(0.0)))

    assert (end.code, end.out.splitlines()[-1]) == (0, "nothing is wrong")


def test_of_a_history_it_tells_what_opened_and_what_was_resolved(folder: Folder) -> None:
    history = [run_of(0.0), missing(1.0), missing(2.0), missing(3.0), run_of(4.0), run_of(5.0)]

    end = folder.run("diagnose", "--from", saved(folder, *history))

    told = [line.split()[3] for line in end.out.splitlines() if line.startswith("2026")]
    assert told == ["opened", "resolved"]
    assert end.out.splitlines()[-1] == "nothing is wrong in the end"
    assert end.code == 0


def test_several_files_are_one_history(folder: Folder) -> None:
    first = saved(folder, missing(1.0), missing(2.0), name="a.json")
    second = saved(folder, missing(3.0, check="b"), missing(4.0, check="b"), name="b.json")

    document = json.loads(folder.run("diagnose", "--from", second, "--from", first, "--output", "json").out)

    assert [(each["what"], each["checks"]) for each in document["history"]] == [
        ("opened", ["chat-delivery"]),
        ("changed", ["chat-delivery", "b"]),
    ]
    assert [each["cause"] for each in document["diagnoses"]] == ["collection_missing"]


def test_the_bundle_holds_all_of_it_and_no_secret(folder: Folder) -> None:
    config = str(folder.path / "monitor.yaml")
    page = folder.path / "evidence.html"
    said = missing() | {"message": f"the key {SECRET} was sent by me@example.com"}

    end = folder.run("diagnose", "--from", saved(folder, said), "-c", config, "--bundle", str(page))

    assert end.code == 1
    for path in (page, page.with_suffix(".json")):
        text = path.read_text()
        assert "collection_missing" in text
        assert SECRET not in text
        assert "me@example.com" not in text
    assert folder.run("diagnose", "--from", str(page.with_suffix(".json"))).code == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param("{", "now.json:1:2: is no JSON", id="no-json"),
        pytest.param("{}", "holds no outcome", id="empty"),
        pytest.param('{"outcomes": [3]}', "outcomes[0]: must be an object, got int", id="a-number"),
        pytest.param('{"outcomes": [{}]}', "outcomes[0]: lacks 'started_at'", id="nothing-in-it"),
        pytest.param('{"outcomes": {"a": 1}}', "outcomes[0]: lacks", id="no-list"),
        pytest.param('[{"started_at": "x"}]', "Invalid isoformat string", id="no-time"),
        pytest.param('[{"started_at": "2026-01-23T09:00:00"}]', "has no time zone", id="no-zone"),
        pytest.param("[" * 100_000, "is no JSON", id="endless"),
        pytest.param(odd(duration_seconds=float("nan")), "duration_seconds is nan", id="no-number"),
        pytest.param(odd(duration_seconds=1e300), "duration_seconds is 1e+300", id="for-ever"),
        pytest.param(odd(duration_seconds=-1), "duration_seconds is -1", id="backwards"),
        pytest.param(odd(started_at="9999-12-31T23:59:59+00:00"), "in the year 9999", id="at-the-end-of-time"),
        pytest.param(odd(check=None), "check and kind must be texts", id="no-name"),
    ],
)
def test_a_file_that_holds_no_outcomes_is_refused_with_its_place(folder: Folder, content: str, says: str) -> None:
    path = folder.path / "now.json"
    path.write_text(content)

    end = folder.run("diagnose", "--from", str(path))

    assert end.code == 2
    assert says in end.err
    assert len(end.err.splitlines()) == 1


def test_files_that_are_not_there_or_of_several_targets_are_refused(folder: Folder) -> None:
    other = saved(folder, run_of(0.0, target="staging"), name="other.json")

    gone = folder.run("diagnose", "--from", str(folder.path / "gone.json"))
    mixed = folder.run("diagnose", "--from", saved(folder, run_of(0.0)), "--from", other)

    assert (gone.code, mixed.code) == (2, 2)
    assert "cannot be read: No such file" in gone.err
    assert "outcomes of 2 targets (production, staging)" in mixed.err


def test_a_bundle_takes_nobodys_place(folder: Folder) -> None:
    source = Path(saved(folder, missing()))
    before = source.read_text()

    end = folder.run("diagnose", "--from", str(source), "--bundle", str(source.with_suffix(".html")))
    into = folder.run("diagnose", "--from", str(source), "--bundle", str(folder.path))

    assert (end.code, into.code) == (2, 2)
    assert "would take the place of --from" in end.err
    assert "is a folder: name a file in it" in into.err
    assert source.read_text() == before


def test_secrets_deep_in_odd_evidence_are_masked_and_commands_are_quoted(folder: Folder) -> None:
    evidence = {
        **MISSING,
        "collection": "a`; rm -rf /",
        "frames": [{"data": {"password": "hunter2", "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJ1IjoxfQ.abcdefghijk"}}],
    }
    page = folder.path / "e.html"

    end = folder.run("diagnose", "--from", saved(folder, missing() | {"evidence": evidence}), "--bundle", str(page))

    assert "--collection-id 'a`; rm -rf /'" in " ".join(end.out.split())
    for text in (page.read_text(), page.with_suffix(".json").read_text()):
        assert "hunter2" not in text
        assert "eyJhbGci" not in text


def test_a_target_that_is_no_address_hurts_nobody(folder: Folder) -> None:
    end = folder.run("diagnose", "--from", saved(folder, missing(), target={"endpoint": "http://[bad"}))

    assert end.code == 1


def test_a_bundle_that_cannot_be_written_is_told_in_a_sentence(folder: Folder) -> None:
    end = folder.run("diagnose", "--from", saved(folder, missing()), "--bundle", str(folder.path / "no" / "e.html"))

    assert end.code == 2
    assert "cannot be written: No such file or directory" in end.err
