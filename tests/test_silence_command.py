import getpass
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.commands import SECRET, Folder

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def give(folder: Folder, *names: str, reason: str = "upgrade", for_: str = "2h") -> str:
    """
    Give a silence and return its id.
    """
    end = folder.run("silence", *names, "--for", for_, "--reason", reason)
    assert end.code == 0
    [id_] = re.findall(r"its id is (\w+);", end.out)
    return str(id_)


def test_a_silence_makes_the_store_and_says_until_when_and_what_it_does(folder: Folder) -> None:
    before = datetime.now(UTC)

    end = folder.run("silence", "chat-*", "chat-*", "--for", "2h", "--reason", "upgrade")

    [until] = re.findall(r"silenced until (\S+ \S+) UTC, for 2h: chat-\* \(2 checks\)\n", end.out)
    ends_at = datetime.fromisoformat(f"{until}+00:00")
    assert timedelta(minutes=119) < ends_at - before <= timedelta(minutes=121)
    assert "what is found is measured and shown, and pages nobody" in end.out
    assert folder.store.exists()


def test_the_list_says_who_why_and_for_how_much_longer(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "ada")
    id_ = give(folder, "chat-delivery", reason=f"key  {SECRET}\n\x1b[2J")

    lines = folder.run("silence", "--list").out.splitlines()

    assert lines[0] == f"{id_}  chat-delivery"
    assert re.fullmatch(r"  until     \S+ \S+ UTC, for 2h more", lines[1])
    assert re.fullmatch(r"  by        ada, at \S+ \S+ UTC", lines[2])
    assert lines[3:] == ["  reason    key [redacted] ?[2J"]


def test_whoever_has_no_name_has_a_number(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise OSError("no such user")

    monkeypatch.delenv("USER", raising=False)
    monkeypatch.setattr(getpass, "getuser", nameless)
    give(folder, "chat-delivery")

    assert re.search(r"  by        user \d+, at ", folder.run("silence", "--list").out)


def test_the_list_holds_open_windows_of_maintenance_and_nothing_that_has_ended(folder: Folder) -> None:
    folder.configure(more="alerts: {maintenance: {week: {at: '00:00', for: 7d, checks: [chat-access]}}}")
    id_ = give(folder, "chat-delivery")
    folder.run("silence", "--lift", id_)

    lines = folder.run("silence", "--list").out.splitlines()

    assert lines[0] == "alerts.maintenance.week  chat-access"
    assert re.fullmatch(r"  until     \S+ 00:00:00 UTC, for \w+ more", lines[1])
    assert len(lines) == 2


def test_by_its_id_one_is_lifted_and_by_a_name_all_that_were_given_for_exactly_that(folder: Folder) -> None:
    pattern, one, two, both = (
        give(folder, "chat-*"),
        give(folder, "chat-access"),
        give(folder, "chat-access"),
        give(folder, "chat-access", "chat-delivery"),
    )

    by_name, by_id = folder.run("silence", "--lift", "chat-access"), folder.run("silence", "--lift", pattern)

    assert set(re.findall(r"lifted (\w+): chat-access\n", by_name.out)) == {one, two}
    assert by_id.out.startswith(f"lifted {pattern}: chat-*\n")
    assert re.findall(r"^(\w+)  ", folder.run("silence", "--list").out, re.MULTILINE) == [both]


def test_a_silence_of_several_checks_is_not_lifted_by_one_of_them(folder: Folder) -> None:
    id_ = give(folder, "chat-access", "chat-delivery")

    end = folder.run("silence", "--lift", "chat-access")

    assert (end.code, end.out) == (2, "")
    assert end.err == (f"'chat-access' is silenced together with others: lift {id_}, and silence the others anew\n")


def test_what_is_not_there_cannot_be_lifted(folder: Folder) -> None:
    nothing_yet = folder.run("silence", "--lift", "chat-access")
    lifted = give(folder, "chat-access")
    folder.run("silence", "--lift", lifted)
    give(folder, "chat-delivery")

    again, misspelt = folder.run("silence", "--lift", lifted), folder.run("silence", "--lift", "chat-delivry")

    assert (nothing_yet.code, again.code, misspelt.code) == (2, 2, 2)
    assert nothing_yet.err.startswith("no silence 'chat-access': nothing is known: ")
    assert misspelt.err == "unknown silence 'chat-delivry': did you mean 'chat-delivery'?\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["chat-acess", "--for", "1h", "--reason", "r"], "did you mean 'chat-access'?", id="unknown"),
        pytest.param(["x-*", "--for", "1h", "--reason", "r"], "unknown check 'x-*': there are chat-", id="pattern"),
        pytest.param(["--for", "1h", "--reason", "r"], "no check is named: ", id="no-check"),
        pytest.param(["*", "--for", "1h"], "--reason: is missing: ", id="no-reason"),
        pytest.param(["*", "--for", "1h", "--reason", " \t"], "--reason: is missing: ", id="blank-reason"),
        pytest.param(["*", "--for", "1h", "--reason", "r" * 201], "--reason: must have at most 200", id="long-reason"),
        pytest.param(["*", "--reason", "r"], "--for: must be given, ", id="no-end"),
        pytest.param(["*", "--for", "8d", "--reason", "r"], "--for: must be at most 7d, got '8d'", id="too-long"),
        pytest.param(["*", "--for", "2", "--reason", "r"], "--for: must be a duration with a unit", id="no-unit"),
        pytest.param(["*", "--for", "0s", "--reason", "r"], "of at least 1s", id="no-time"),
    ],
)
def test_a_mistake_is_one_clear_sentence_and_silences_nothing(folder: Folder, words: list[str], says: str) -> None:
    end = folder.run("silence", *words)

    assert (end.code, end.out) == (2, "")
    assert says in end.err
    assert len(end.err.splitlines()) == 1
    assert not folder.store.exists()


def test_a_store_in_memory_cannot_hold_one(folder: Folder) -> None:
    folder.configure(more="store: {path: ':memory:'}")

    end = folder.run("silence", "chat-access", "--for", "1h", "--reason", "r")

    assert (end.code, end.out) == (2, "")
    assert end.err == "store.path: a store in memory is seen by its own process only: give it a file\n"


def test_a_store_that_cannot_be_used_is_one_sentence(folder: Folder) -> None:
    folder.configure(more=f"store: {{path: {folder.path}}}")

    for words in (["silence", "*", "--for", "1h", "--reason", "r"], ["silence", "--list"], ["incidents"]):
        end = folder.run(*words)

        assert (end.code, end.out) == (2, "")
        assert end.err.startswith(f"store.path: {folder.path} is no file: give another path")
        assert len(end.err.splitlines()) == 1


def test_so_many_silences_are_refused_until_some_have_ended(folder: Folder) -> None:
    give(folder, "chat-access")
    with closing(sqlite3.connect(folder.store)) as database, database:
        row = "SELECT target, 'n' || value, checks, since, until, reason, \"by\" FROM silence, generate"
        numbers = "WITH RECURSIVE generate(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM generate LIMIT 999)"
        database.execute(f"INSERT INTO silence {numbers} {row}")

    refused = folder.run("silence", "chat-access", "--for", "1h", "--reason", "r")
    lifted = folder.run("silence", "--lift", "n1")
    given = folder.run("silence", "chat-access", "--for", "1h", "--reason", "r")

    assert (refused.code, lifted.code, given.code) == (2, 0, 0)
    assert refused.err == ("store.path: there are 1000 silences already: lift some with `monitor silence --lift`\n")
