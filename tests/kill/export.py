"""
Everything that the target holds, as its API tells it to a server key, as one value that can be compared.
"""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, TypeAlias

import aiohttp
from yarl import URL

from monitor.appwrite import query
from monitor.appwrite.paging import query_string
from monitor.sandbox.server import Sandbox

# Path → what is there, to the last byte.
Export: TypeAlias = Mapping[str, str]

_PER_PAGE = 100
# When a user was last seen is noted once a day, whatever he did.
_NOT_OURS = ("accessedAt", "$updatedAt")


async def export(sandbox: Sandbox) -> Export:
    """
    Return the collections with their permissions, all documents, all users and all their sessions.
    """
    headers = {"X-Appwrite-Project": sandbox.project, "X-Appwrite-Key": sandbox.api_key}
    found: dict[str, str] = {}
    async with aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.DummyCookieJar()) as session:
        path = f"{sandbox.endpoint}/databases/{sandbox.database}/collections"
        async for collection in _all(session, path, "collections"):
            found[f"collections/{collection['$id']}"] = _text(collection)
            async for document in _all(session, f"{path}/{collection['$id']}/documents", "documents"):
                found[f"documents/{collection['$id']}/{document['$id']}"] = _text(document)
        async for user in _all(session, f"{sandbox.endpoint}/users", "users"):
            found[f"users/{user['$id']}"] = _text({key: user[key] for key in user if key not in _NOT_OURS})
            async with session.get(f"{sandbox.endpoint}/users/{user['$id']}/sessions") as answer:
                # A daemon may remove him just now.
                for each in (await answer.json())["sessions"] if answer.status == 200 else ():
                    found[f"sessions/{user['$id']}/{each['$id']}"] = _text(each)
    return found


def differences(before: Export, after: Export) -> list[str]:
    """
    Return a line for whatever is left, lost or changed.
    """
    left = [f"left: {path} {after[path]}" for path in after.keys() - before.keys()]
    lost = [f"lost: {path}" for path in before.keys() - after.keys()]
    both = before.keys() & after.keys()
    changed = [f"changed: {path} {before[path]} → {after[path]}" for path in both if before[path] != after[path]]
    return sorted([*left, *lost, *changed])


async def _all(session: aiohttp.ClientSession, url: str, noun: str) -> AsyncIterator[dict[str, Any]]:
    last = ""
    while True:
        queries = [query.limit(_PER_PAGE), *([query.cursor_after(last)] if last else [])]
        async with session.get(URL(f"{url}{query_string(queries)}", encoded=True)) as answer:
            assert answer.status == 200, await answer.text()
            page = (await answer.json())[noun]
        for each in page:
            yield each
        if len(page) < _PER_PAGE:
            return
        last = page[-1]["$id"]


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
