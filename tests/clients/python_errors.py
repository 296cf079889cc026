"""
The calls whose errors were recorded with the official Python SDK against a real server, made once more.

Prints one JSON line each: ``{"step", "ok", "class", "code", "type", "message", "warned"}``; *warned* tells that the SDK
complained about the version of the server. Run by ``test_python.py``.
"""

import json
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from io import StringIO
from typing import Any

from appwrite.client import Client
from appwrite.services.account import Account
from appwrite.services.databases import Databases
from appwrite.services.tables_db import TablesDB
from appwrite.services.users import Users

# Nobody listens on the discard port.
_NOBODY = "http://127.0.0.1:9/v1"


def run(step: str, call: Callable[[], Any]) -> None:
    """
    Make one call and print how it ended.
    """
    shown: dict[str, object] = {"step": step}
    said = StringIO()
    try:
        with redirect_stderr(said), redirect_stdout(said):
            result = call()
        shown |= {"ok": True, "class": type(result).__name__}
    except Exception as error:  # noqa: BLE001 - the class is what is looked at
        code, kind = getattr(error, "code", None), getattr(error, "type", None)
        shown |= {"ok": False, "class": type(error).__name__, "code": code, "type": kind, "message": str(error)}
    sys.stdout.write(json.dumps(shown | {"warned": "server version is 1.9.6" in said.getvalue()}) + "\n")


def run_all(name: str, client: Client, database: str) -> None:
    """
    Make the calls of one identity.
    """
    api, tables, place = Databases(client), TablesDB(client), (database, "state")
    run(f"{name}: get_collection bookings", lambda: api.get_collection(database, "bookings"))
    run(f"{name}: get_table bookings", lambda: tables.get_table(database, "bookings"))
    run(f"{name}: list_collections", lambda: api.list_collections(database))
    run(f"{name}: get_collection missing", lambda: api.get_collection(database, "does_not_exist"))
    run(f"{name}: list_documents bookings", lambda: api.list_documents(database, "bookings"))
    run(f"{name}: list_rows bookings", lambda: tables.list_rows(database, "bookings"))
    run(f"{name}: create_document missing attribute", lambda: api.create_document(*place, "new", {"status": "open"}))
    run(f"{name}: create_document duplicate", lambda: api.create_document(*place, "dup", {"title": "again"}))
    run(f"{name}: users.list", lambda: Users(client).list())
    run(f"{name}: account.get", lambda: Account(client).get())


def main() -> None:
    """
    Make all of them.
    """
    given: Mapping[str, Any] = json.loads(sys.argv[1])
    endpoint, project, database = given["endpoint"], given["project"], given["database"]

    def client(*, at: str = endpoint, of: str = project, key: str = "") -> Client:
        made = Client().set_endpoint(at).set_project(of)
        return made.set_key(key) if key else made

    for name, key in given["keys"].items():
        run_all(name, client(key=key), database)
    run_all("guest", client(), database)
    full = given["keys"]["key_full"]
    for step, odd in {
        "bad project": client(of="no-such-project", key=full),
        "nothing listens": client(at=_NOBODY, key=full),
        "endpoint without /v1": client(at=endpoint.removesuffix("/v1"), key=full),
    }.items():
        run(f"{step}: get_collection", partial(Databases(odd).get_collection, database, "bookings"))


if __name__ == "__main__":
    main()
