"""
Bugsink, which takes what Sentry's clients send: a real receiver that validates, groups and keeps what it got.

Its database is made once and kept beside its installation; every server starts with a copy. An event is digested before
the answer to it, so that nothing has to be waited for.
"""

import json
import shutil
import socket
import sqlite3
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.one_at_a_time import one_at_a_time
from tests.tools import BUGSINK, BUGSINK_FOLDER, require

# Below the limit of a test: a cold start on a busy machine.
_SECONDS = 60.0
_SETTINGS = """
BUGSINK.update(
    {
        "KEEP_ENVELOPES": 1000,
        "VALIDATE_ON_DIGEST": "strict",
        "PHONEHOME": False,
        "INGEST_STORE_BASE_DIR": str(__import__("pathlib").Path.cwd() / "ingest"),
    }
)
"""
_MAKE_PROJECT = """
from projects.models import Project
from teams.models import Team
team, _ = Team.objects.get_or_create(name="monitor")
Project.objects.get_or_create(name="monitor", team=team)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """
    An event as it was digested, and the issue that it is in.
    """

    issue: str
    title: str
    level: str
    data: dict[str, Any]


class Bugsink:
    """
    A running server with one project, in *folder*, at *port*.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        [(project, key)] = self._rows("select id, sentry_key from projects_project")
        self.dsn = f"http://{key}@127.0.0.1:{port}/{project}"

    def events(self, target: str) -> list[Stored]:
        """
        Return what was digested of *target*, in that order.
        """
        rows = self._rows(
            "select issue_id, issues_issue.calculated_value, level, data from events_event"
            " join issues_issue on issues_issue.id = issue_id order by events_event.digested_at"
        )
        stored = [Stored(issue=row[0], title=row[1], level=row[2], data=json.loads(row[3])) for row in rows]
        return [event for event in stored if event.data["tags"]["target"] == target]

    def envelopes(self) -> list[bytes]:
        """
        Return every envelope as it came, unpacked, in that order.
        """
        return [data for (data,) in self._rows("select data from ingest_envelope order by id")]

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._folder / "db.sqlite3")) as database:
            return database.execute(query).fetchall()


@contextmanager
def bugsink_in(folder: Path) -> Iterator[Bugsink]:
    """
    Run a server of its own in *folder*, which does not exist yet, on a free port of loopback.

    Without Bugsink the test is skipped; under ``CI=true`` it fails.
    """
    programs = Path(require("bugsink"))
    shutil.copytree(_template(programs), folder)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port, number = listening.getsockname()[1], listening.fileno()
        command = [str(programs / "gunicorn"), "--bind", f"fd://{number}", "--workers=1", "--threads=4", "bugsink.wsgi"]
        with (folder / "server.log").open("wb") as log:
            server = subprocess.Popen(command, cwd=folder, pass_fds=[number], stdout=log, stderr=log)
        try:
            # The socket listens already: whoever connects waits for the server, so that nobody has to look again.
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=_SECONDS).close()
            yield Bugsink(folder, port)
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _template(programs: Path) -> Path:
    """
    Return the folder of a server that has no event yet.
    """
    template = BUGSINK_FOLDER / f"template-{BUGSINK}"
    with one_at_a_time(BUGSINK_FOLDER):
        return template if template.exists() else _made(template, programs)


def _made(template: Path, programs: Path) -> Path:
    """
    Make *template*, whole or not at all.
    """
    making = template.with_name(f"{template.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    manage = str(programs / "bugsink-manage")
    _run(making, str(programs / "bugsink-create-conf"), "--template=local", "--host=127.0.0.1")
    with (making / "bugsink_conf.py").open("a") as settings:
        settings.write(_SETTINGS)
    _run(making, manage, "migrate")
    _run(making, manage, "migrate", "--database=snappea")
    _run(making, manage, "shell", typed=_MAKE_PROJECT)
    return making.rename(template)


def _run(folder: Path, *command: str, typed: str = "") -> None:
    done = subprocess.run(
        command, check=False, cwd=folder, input=typed, capture_output=True, text=True, timeout=_SECONDS
    )
    assert done.returncode == 0, f"{command[0]} failed: {done.stderr[-1000:]}"
