"""
What a page may write: nothing that has not been written down before, and under no id but one of ours.

Every request that a page's scripts send is paused before it leaves the browser. A new document gets an id with the
monitor's mark, whatever id the page chose, is written down, and only then goes on: so it is known whatever happens
next, and removed like anything else that a run makes. Only what this run has made is changed. What cannot be undone
(accounts, files, documents of others, other projects) is held back. Preflights go their own way, as in any browser.
"""

import asyncio
import base64
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from monitor.browser.kept_browser import library
from monitor.browser.reading import read_call
from monitor.browser.traffic import Call, Traffic
from monitor.core.errors import OwnFault
from monitor.core.leftover import Fate, Leftover
from monitor.core.run import Run
from monitor.core.target import appwrite_id

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, CDPSession, Page

_PAUSED = [{"urlPattern": "*", "resourceType": kind} for kind in ("XHR", "Fetch", "Ping")]
# Whatever these change ends by itself, or with the session of this run.
_HARMLESS = re.compile(r"POST (?:account/jwts|functions/[^/]+/executions)")
# A refusal, after which nothing can come of the request.
_REFUSALS = frozenset({400, 401, 402, 403, 404, 429})
# An id that a page makes is longer; a shorter text might stand anywhere.
_SHORTEST_ID = 12

Name = Callable[[str], Awaitable[str]]


class Guard:
    """
    Stands at one page. *name* gives the id for a new document of a collection, and writes down what else comes of it.

    *may_change*: collections whose documents the page may change though they are not the run's.
    """

    def __init__(self, run: Run, traffic: Traffic, *, name: Name, may_change: tuple[str, ...]) -> None:
        self._run = run
        self._traffic = traffic
        self._name = name
        self._may_change = may_change
        # The page's own ids → ours: a page may go on to use what it chose.
        self._renamed: dict[str, str] = {}
        self._sent: dict[str, Leftover] = {}
        self._deciding: set[asyncio.Task[None]] = set()
        self._is_over = False
        self.fault: OwnFault | None = None

    async def stand_at(self, context: "BrowserContext", page: "Page") -> None:
        """
        Begin; before the page is opened.
        """
        devtools = await context.new_cdp_session(page)
        devtools.on("Fetch.requestPaused", lambda paused: self._begin(devtools, paused))
        await devtools.send("Fetch.enable", {"patterns": _PAUSED})

    def end(self) -> None:
        """
        Let no write through any more.
        """
        self._is_over = True

    def stop(self) -> None:
        """
        Let nothing through any more.
        """
        self._is_over = True
        for deciding in self._deciding:
            deciding.cancel()

    def _begin(self, devtools: "CDPSession", paused: dict[str, Any]) -> None:
        task = asyncio.get_running_loop().create_task(self._decide(devtools, paused))
        self._deciding.add(task)
        task.add_done_callback(self._deciding.discard)

    async def _decide(self, devtools: "CDPSession", paused: dict[str, Any]) -> None:
        # A page that is closed has no requests any more.
        with suppress(library().Error):
            if "responseStatusCode" in paused or "responseErrorReason" in paused:
                self._settle(paused)
                await devtools.send("Fetch.continueRequest", {"requestId": paused["requestId"]})
                return
            method, parameters = await self._verdict(paused)
            await devtools.send(method, {"requestId": paused["requestId"], **parameters})

    async def _verdict(self, paused: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        request, endpoint = paused["request"], self._run.target.endpoint
        headers = {name.lower(): value for name, value in request["headers"].items()}
        project, body = headers.get("x-appwrite-project", ""), _body_of(request)
        call = read_call(request["method"], request["url"], endpoint=endpoint, project=project, body=body)
        if call is None:
            return "Fetch.continueRequest", {}
        if not call.is_write:
            return "Fetch.continueRequest", self._renaming(request["url"], None)
        if self._is_over:
            return "Fetch.failRequest", {"errorReason": "Aborted"}
        is_here = call.project == self._run.target.project and request["url"].startswith(f"{endpoint}/")
        try:
            if is_here and self._is_new_document(call):
                return "Fetch.continueRequest", await self._make(call, body, str(paused.get("networkId", "")))
        except OwnFault as error:
            self.fault = self.fault or error
        else:
            renamed = self._renaming(request["url"], body)
            if is_here and (_HARMLESS.fullmatch(f"{call.method} {call.path}") or self._may_be_changed(call, renamed)):
                return "Fetch.continueRequest", renamed
        self._traffic.held_back.append(f"{call.method} /{call.path[:100]}")
        return "Fetch.failRequest", {"errorReason": "BlockedByClient"}

    def _is_new_document(self, call: Call) -> bool:
        is_whole = call.method == "POST" and call.database == self._run.target.database and not call.document
        return is_whole and bool(_id_key(call.body))

    async def _make(self, call: Call, body: str, request_id: str) -> dict[str, Any]:
        """
        Return how the request goes on: under an id of ours, which is written down.
        """
        key, collection = _id_key(body), call.collection or ""
        content = json.loads(self._with_our_ids(body))
        chosen = json.loads(body)[key]
        known = self._renamed.get(chosen)
        if not _is_id(collection):
            # Nothing can come of it.
            content[key] = known or self._run.new_id()
        else:
            # The same request again makes the same document, or none.
            content[key] = known or await self._name(collection)
            leftover = Leftover.document(self._run.target.database, collection, content[key])
            await self._run.intend(leftover)
            self._sent[request_id] = leftover
        if len(chosen) >= _SHORTEST_ID:
            self._renamed[chosen] = content[key]
        return {"postData": _encoded(json.dumps(content)), "interceptResponse": True}

    def _settle(self, paused: Mapping[str, Any]) -> None:
        leftover, status = self._sent.get(str(paused.get("networkId", ""))), paused.get("responseStatusCode")
        if leftover is None or leftover in self._run.made:
            return
        if status == 201:
            self._run.settle(leftover, Fate.MADE)
        elif status in _REFUSALS:
            self._run.settle(leftover, Fate.NOTHING)

    def _may_be_changed(self, call: Call, renamed: Mapping[str, Any]) -> bool:
        if call.collection is None or not call.document:
            return False
        document = self._renamed.get(call.document, call.document) if renamed else call.document
        ours = Leftover.document(self._run.target.database, call.collection, document)
        return ours in self._run.leftovers or call.collection in self._may_change

    def _renaming(self, url: str, body: str | None) -> dict[str, Any]:
        changed: dict[str, Any] = {}
        if (new_url := self._with_our_ids(url)) != url:
            changed["url"] = new_url
        if body and (new_body := self._with_our_ids(body)) != body:
            changed["postData"] = _encoded(new_body)
        return changed

    def _with_our_ids(self, text: str) -> str:
        for chosen, ours in self._renamed.items():
            text = text.replace(chosen, ours)
        return text


def _body_of(request: Mapping[str, Any]) -> str:
    if "postDataEntries" in request:
        parts = [base64.b64decode(each.get("bytes", "")) for each in request["postDataEntries"]]
        return b"".join(parts).decode("utf-8", "replace")
    return str(request.get("postData", ""))


def _id_key(body: str) -> str:
    """
    Return the key of the id in the body of one new document; empty when it is no such body.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    keys = ("documentId", "rowId") if isinstance(content, dict) else ()
    return next((key for key in keys if isinstance(content.get(key), str)), "")


def _is_id(text: str) -> bool:
    try:
        appwrite_id(text)
    except ValueError:
        return False
    return True


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
