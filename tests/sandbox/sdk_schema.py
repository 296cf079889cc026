"""
A schema made with the official Python SDK; prints what it got as JSON. Run by ``test_sdk_schema.py``.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from appwrite.client import Client
from appwrite.enums.databases_index_type import DatabasesIndexType
from appwrite.enums.tables_db_index_type import TablesDBIndexType
from appwrite.exception import AppwriteException
from appwrite.query import Query
from appwrite.services.databases import Databases
from appwrite.services.tables_db import TablesDB

DEADLINE_SECONDS = 10.0


def plain(answer: Any) -> Any:
    """
    Return an answer as JSON values, whichever class the SDK makes of it.
    """
    return answer.to_dict() if hasattr(answer, "to_dict") else answer


def refusal(function: Callable[..., Any], *args: Any, **more: Any) -> list[object]:
    """
    Return code and type of the refusal that the call meets.
    """
    try:
        function(*args, **more)
    except AppwriteException as error:
        return [error.code, error.type]
    return []


def wait_until_available(read: Callable[..., Any], *place: str) -> None:
    """
    Poll as set-up scripts do.
    """
    end = time.monotonic() + DEADLINE_SECONDS
    while plain(read(*place))["status"] != "available":
        if time.monotonic() > end:
            raise TimeoutError(place)
        time.sleep(0.01)


def use_collections(client: Client) -> dict[str, object]:
    """
    Make, change and take away a collection with its attributes.
    """
    api, place = Databases(client), ("made", "bookings")
    api.create("made", "Made")
    api.create_collection(*place, "Bookings", document_security=True)
    api.create_string_attribute(*place, "title", 100, True)
    api.create_enum_attribute(*place, "status", ["open", "closed"], False, "open")
    api.create_integer_attribute(*place, "minutes", False, 0, 600)
    api.create_float_attribute(*place, "price", False)
    api.create_boolean_attribute(*place, "paid", False)
    api.create_datetime_attribute(*place, "at", False)
    api.create_email_attribute(*place, "email", False)
    again = refusal(api.create_string_attribute, *place, "title", 100, True)
    keys = [each["key"] for each in plain(api.list_attributes(*place))["attributes"]]
    for key in keys:
        wait_until_available(api.get_attribute, *place, key)
    api.create_index(*place, "one", DatabasesIndexType.UNIQUE, ["title"])
    wait_until_available(api.get_index, *place, "one")
    api.create_document(*place, "a", {"title": "x"})
    changed = plain(api.update_string_attribute(*place, "title", False, "untitled", 200))
    api.delete_attribute(*place, "paid")
    listed = plain(api.list_collections("made", [Query.equal("name", "Bookings")], search="book"))
    api.update_collection(*place, "Renamed")
    api.delete_collection(*place)
    return {
        "keys": keys,
        "again": again,
        "changed": [changed["required"], changed["default"], changed["size"]],
        "listed": listed["total"],
        "gone": refusal(api.get_collection, *place),
    }


def use_tables(client: Client) -> dict[str, object]:
    """
    Make and change a table with its columns.
    """
    api, place = TablesDB(client), ("tables", "notes")
    made = plain(api.create("tables", "Tables"))
    columns = [{"key": "title", "type": "varchar", "size": 50, "required": True}]
    indexes = [{"key": "words", "type": "fulltext", "attributes": ["title"]}]
    table = plain(api.create_table(*place, "Notes", columns=columns, indexes=indexes))
    api.create_text_column(*place, "body", False)
    wait_until_available(api.get_column, *place, "body")
    api.create_index(*place, "one", TablesDBIndexType.KEY, ["title"])
    wait_until_available(api.get_index, *place, "one")
    row = plain(api.create_row(*place, "a", {"title": "x", "body": "y"}))
    renamed = plain(api.update_text_column(*place, "body", False, None, "content"))
    api.delete_index(*place, "one")
    unknown = refusal(api.create_index, *place, "two", TablesDBIndexType.KEY, ["nope"])
    api.delete("tables")
    return {
        "type": made["type"],
        "status": [each["status"] for each in (*table["columns"], *table["indexes"])],
        "row": row["$id"],
        "renamed": renamed["key"],
        "unknown": unknown,
        "gone": refusal(api.get, "tables"),
    }


def main() -> None:
    """
    Do it all, once.
    """
    given = json.loads(sys.argv[1])
    client = Client().set_endpoint(given["endpoint"]).set_project(given["project"]).set_key(given["key"])
    sys.stdout.write(json.dumps({"collections": use_collections(client), "tables": use_tables(client)}))


if __name__ == "__main__":
    main()
