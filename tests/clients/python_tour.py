"""
A tour of the sandbox with the official Python SDK, from an empty project on. Run by ``test_python.py``.
"""

import json
import sys
from collections.abc import Callable
from functools import partial

from appwrite.client import Client
from appwrite.id import ID
from appwrite.permission import Permission
from appwrite.role import Role
from appwrite.services.account import Account
from appwrite.services.databases import Databases
from appwrite.services.locale import Locale
from appwrite.services.users import Users

from tests.clients.python_platform import visit_functions, visit_messaging, visit_teams
from tests.clients.python_queries import visit_queries
from tests.clients.python_writes import visit_rows, visit_transactions, visit_writes
from tests.clients.steps import Tour, data_of, plain, until

DATABASE, COLLECTION = "tour", "notes"


class Guide:
    """
    Makes clients of one sandbox.
    """

    def __init__(self, endpoint: str, project: str, key: str) -> None:
        self._endpoint, self._project, self._key = endpoint, project, key

    def guest(self) -> Client:
        """
        Return a client of nobody.
        """
        return Client().set_endpoint(self._endpoint).set_project(self._project)

    def server(self) -> Client:
        """
        Return a client with the server key.
        """
        return self.guest().set_key(self._key)

    def user(self, user_id: str) -> Client:
        """
        Return a client that acts for a user by a JWT.
        """
        return self.guest().set_jwt(plain(Users(self.server()).create_jwt(user_id))["jwt"])


def visit_accounts(tour: Tour, guide: Guide) -> None:
    """
    Sign up and in; act by JWT and by session.
    """
    account, users = Account(guide.guest()), Users(guide.server())
    sign_up = ("ann", "ann@example.com", "a-password", "Ann")
    tour.expect("account.create", lambda: plain(account.create(*sign_up))["$id"], "ann")
    tour.refused("account.create again", lambda: account.create(*sign_up), 409, "user_already_exists")
    tour.refused("account.get as guest", account.get, 401, "general_unauthorized_scope")
    tour.refused(
        "wrong password",
        lambda: account.create_email_password_session("ann@example.com", "not-it-at-all"),
        401,
        "user_invalid_credentials",
    )
    tour.expect(
        "create_email_password_session",
        lambda: plain(account.create_email_password_session("ann@example.com", "a-password"))["userId"],
        "ann",
    )
    tour.expect("users.create", lambda: plain(users.create("ben", "ben@example.com", None, "b-password"))["$id"], "ben")
    secret = tour.expect("users.create_session", lambda: bool(plain(users.create_session("ann"))["secret"]), True)
    session = plain(users.create_session("ann"))["secret"] if secret is True else ""
    tour.expect("by session", lambda: plain(Account(guide.guest().set_session(session)).get())["$id"], "ann")
    by_jwt = Account(guide.user("ann"))
    tour.expect("by jwt", lambda: plain(by_jwt.get())["email"], "ann@example.com")
    tour.expect("update_name", lambda: plain(by_jwt.update_name("Anna"))["name"], "Anna")
    tour.expect("update_prefs", lambda: plain(by_jwt.update_prefs({"dark": True}))["prefs"], {"dark": True})
    tour.refused("bad jwt", Account(guide.guest().set_jwt("a.b.c")).get, 401, "user_jwt_invalid")
    tour.expect("users.update_labels", lambda: plain(users.update_labels("ben", ["vip"]))["labels"], ["vip"])
    tour.expect("users.list", lambda: plain(users.list(search="ben@"))["total"], 1)
    tour.expect("users.update_status", lambda: plain(users.update_status("ben", False))["status"], False)
    tour.refused("blocked", Account(guide.user("ben")).get, 403, "user_blocked")
    users.update_status("ben", True)


def visit_schema(tour: Tour, guide: Guide) -> None:
    """
    Make a database, a collection, attributes of all kinds and an index, and wait for them.
    """
    api, place = Databases(guide.server()), (DATABASE, COLLECTION)
    tour.expect("databases.create", lambda: plain(api.create(DATABASE, "Tour"))["name"], "Tour")
    tour.refused("databases.create again", lambda: api.create(DATABASE, "Tour"), 409, "database_already_exists")
    permissions = [Permission.create(Role.users())]
    tour.expect(
        "create_collection",
        lambda: plain(api.create_collection(*place, "Notes", permissions, True))["documentSecurity"],
        True,
    )
    attributes = {
        "title": lambda: api.create_string_attribute(*place, "title", 100, True),
        "count": lambda: api.create_integer_attribute(*place, "count", False, 0, 1000, 0),
        "price": lambda: api.create_float_attribute(*place, "price", False),
        "open": lambda: api.create_boolean_attribute(*place, "open", False),
        "at": lambda: api.create_datetime_attribute(*place, "at", False),
        "kind": lambda: api.create_enum_attribute(*place, "kind", ["a", "b"], False),
        "mail": lambda: api.create_email_attribute(*place, "mail", False),
        "tags": lambda: api.create_string_attribute(*place, "tags", 20, False, None, True),
    }
    for key, create in attributes.items():
        tour.expect(f"create attribute {key}", partial(_status_of, create), "processing")

    def status_of(key: str) -> str:
        return str(plain(api.get_attribute(*place, key))["status"])

    tour.expect(
        "attributes become available",
        lambda: until(lambda: all(status_of(key) == "available" for key in attributes)),
        True,
    )
    tour.expect(
        "create_index",
        lambda: plain(api.create_index(*place, "by_title", "fulltext", ["title"]))["status"],
        "processing",
    )
    tour.expect(
        "the index becomes available",
        lambda: until(lambda: plain(api.get_index(*place, "by_title"))["status"] == "available"),
        True,
    )
    tour.expect("list_attributes", lambda: plain(api.list_attributes(*place))["total"], len(attributes))
    tour.refused("get_collection missing", lambda: api.get_collection(DATABASE, "no"), 404, "collection_not_found")


def visit_documents(tour: Tour, guide: Guide) -> None:
    """
    A user's document, which only he may read, change and delete.
    """
    place = (DATABASE, COLLECTION)
    ann, ben = Databases(guide.user("ann")), Databases(guide.user("ben"))
    guest = Databases(guide.guest())
    data = {"title": "hello", "count": 1, "price": 1.5, "open": True, "kind": "a", "tags": ["x", "y"]}
    created = tour.expect("create_document", lambda: _kept(ann.create_document(*place, "own", data), data), data)
    assert created
    tour.expect("$sequence is text", lambda: type(plain(ann.get_document(*place, "own"))["$sequence"]).__name__, "str")
    owned = [f'{action}("user:ann")' for action in ("read", "update", "delete")]
    tour.expect("own permissions", lambda: plain(ann.get_document(*place, "own"))["$permissions"], owned)
    tour.refused("read by another", lambda: ben.get_document(*place, "own"), 404, "document_not_found")
    tour.expect("list by another", lambda: plain(ben.list_documents(*place))["total"], 0)
    tour.refused(
        "changed by another", lambda: ben.update_document(*place, "own", {"count": 2}), 401, "user_unauthorized"
    )
    tour.refused("made by a guest", lambda: guest.create_document(*place, "g", data), 401, "user_unauthorized")
    shared = [*owned, Permission.read(Role.user("ben"))]
    tour.refused(
        "shared with another", lambda: ann.update_document(*place, "own", None, shared), 401, "user_unauthorized"
    )
    server = Databases(guide.server())
    tour.expect(
        "shared by key", lambda: len(plain(server.update_document(*place, "own", None, shared))["$permissions"]), 4
    )
    tour.expect("read by the other", lambda: data_of(ben.get_document(*place, "own"))["title"], "hello")
    tour.refused(
        "missing attribute", lambda: ann.create_document(*place, "bad", {"count": 1}), 400, "document_invalid_structure"
    )
    for key, value in {"count": 1001, "kind": "c", "mail": "no", "title": "x" * 101, "unknown": 1}.items():
        bad = data | {key: value}
        step = f"bad {key}"
        tour.refused(step, partial(ann.create_document, *place, "bad", bad), 400, "document_invalid_structure")
    tour.refused("duplicate", lambda: ann.create_document(*place, "own", data), 409, "document_already_exists")
    tour.expect("deleted", lambda: ann.delete_document(*place, "own"), b"")
    tour.refused("gone", lambda: ann.get_document(*place, "own"), 404, "document_not_found")
    tour.expect("unique id", lambda: len(plain(ann.create_document(*place, ID.unique(), data))["$id"]), 20)


def visit_locale(tour: Tour, guide: Guide) -> None:
    """
    Where a caller is.
    """
    tour.expect("locale.get", lambda: plain(Locale(guide.guest()).get())["ip"], "127.0.0.1")


def _status_of(create: Callable[[], object]) -> object:
    return plain(create())["status"]


def _kept(document: object, sent: dict[str, object]) -> dict[str, object]:
    got = data_of(document)
    return {key: got.get(key) for key in sent}


def main() -> None:
    """
    Visit everything.
    """
    given = json.loads(sys.argv[1])
    tour, guide = Tour(), Guide(given["endpoint"], given["project"], given["api_key"])
    server = guide.server()
    visit_accounts(tour, guide)
    visit_schema(tour, guide)
    visit_documents(tour, guide)
    visit_queries(tour, server)
    visit_writes(tour, server)
    visit_rows(tour, server)
    visit_transactions(tour, server)
    visit_teams(tour, server, guide.user("ann"))
    visit_messaging(tour, server)
    visit_functions(tour, server, guide.guest())
    visit_locale(tour, guide)
    tour.end()


if __name__ == "__main__":
    main()
