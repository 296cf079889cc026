"""
A session with the official Python SDK; prints what it got as JSON. Run by ``test_sdk.py``.
"""

import json
import sys
from typing import Any

from appwrite.client import Client
from appwrite.exception import AppwriteException
from appwrite.query import Query
from appwrite.services.account import Account
from appwrite.services.databases import Databases
from appwrite.services.tables_db import TablesDB
from appwrite.services.users import Users


def plain(answer: Any) -> Any:
    """
    Return an answer as JSON values, whichever class the SDK makes of it.
    """
    return answer.to_dict() if hasattr(answer, "to_dict") else answer


def refusal(function: Any, *args: Any) -> list[object]:
    """
    Return code and type of the refusal that the call meets.
    """
    try:
        function(*args)
    except AppwriteException as error:
        return [error.code, error.type]
    return []


def use_documents(client: Client, database: str, permissions: list[str]) -> tuple[list[object], list[object]]:
    """
    Create, read, change, list and delete a document.
    """
    api = Databases(client)
    data = {"sessionId": "s", "senderId": "c", "text": "hello"}
    place = (database, "chat_messages")
    created = plain(api.create_document(*place, "one", data, permissions))
    got = plain(api.get_document(*place, "one"))
    changed = plain(api.update_document(*place, "one", {"text": "changed"}))
    listed = plain(api.list_documents(*place, [Query.equal("sessionId", "s"), Query.limit(5)]))
    api.delete_document(*place, "one")
    assert value(created, "text") == value(got, "text")
    return [value(got, "text"), value(changed, "text"), listed["total"]], refusal(api.get_document, *place, "one")


def use_rows(client: Client, database: str, permissions: list[str]) -> tuple[list[object], list[object]]:
    """
    Create, read, change, list and delete a row.
    """
    api = TablesDB(client)
    data = {"sessionId": "s", "senderId": "c", "text": "hello"}
    place = (database, "chat_messages")
    created = plain(api.create_row(*place, "two", data, permissions))
    got = plain(api.get_row(*place, "two"))
    changed = plain(api.update_row(*place, "two", {"text": "changed"}))
    listed = plain(api.list_rows(*place, [Query.equal("sessionId", "s"), Query.limit(5)]))
    api.delete_row(*place, "two")
    assert value(created, "text") == value(got, "text")
    return [value(got, "text"), value(changed, "text"), listed["total"]], refusal(api.get_row, *place, "two")


def value(document: Any, key: str) -> object:
    """
    Return an attribute, which the SDK may keep under ``data``.
    """
    return document.get("data", document).get(key) if isinstance(document.get("data", {}), dict) else None


def main() -> None:
    """
    Do it all, once.
    """
    given = json.loads(sys.argv[1])
    endpoint, project, database = given["endpoint"], given["project"], given["database"]
    server = Client().set_endpoint(endpoint).set_project(project).set_key(given["key"])
    token = plain(Users(server).create_jwt(given["customer"]))["jwt"]
    customer = Client().set_endpoint(endpoint).set_project(project).set_jwt(token)
    guest = Client().set_endpoint(endpoint).set_project(project)
    permissions = [f'{action}("team:{given["team"]}")' for action in ("read", "update", "delete")]
    document, document_gone = use_documents(customer, database, permissions)
    row, row_gone = use_rows(customer, database, permissions)
    result = {
        "account": plain(Account(customer).get())["$id"],
        "document": document,
        "document_gone": document_gone,
        "row": row,
        "row_gone": row_gone,
        "guest": refusal(Account(guest).get),
        "collections": plain(Databases(server).list_collections(database))["total"],
    }
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main()
