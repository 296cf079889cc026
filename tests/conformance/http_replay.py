"""
The recorded HTTP exchanges, asked again in the order of recording.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterable
from typing import Any
from urllib.parse import unquote

from monitor.sandbox.state import jwt
from tests.conformance.actors import Caller, Reply, session_in
from tests.conformance.compare import Bindings, Comparison, Difference
from tests.conformance.recording import Renaming
from tests.conformance.set_up import add_user, seed_documents, seed_duplicates

HEADERS = (
    "content-type", "server", "x-debug-fallback", "x-content-type-options", "cache-control", "expires", "pragma",
    "access-control-allow-credentials", "access-control-allow-origin", "x-ratelimit-limit", "x-ratelimit-remaining",
    "x-ratelimit-reset", "x-debug-operations", "content-encoding", "x-utopia-compression", "vary", "set-cookie",
    "x-fallback-cookies",
)  # fmt: skip
# Identities that use what was given to another one.
_SAME_SESSION = {"session_header": "user_new", "fallback_cookies": "user_new"}
_FAMILIES = ("databases", "tablesdb")


class HttpReplay:
    """
    Replays one topic against a sandbox that is set up.
    """

    def __init__(self, caller: Caller, renaming: Renaming, bindings: Bindings) -> None:
        self._caller = caller
        self._renaming = renaming
        self._bindings = bindings
        self._topic = ""
        self._seeded: set[str] = set()

    async def run(self, topic: str, records: Iterable[dict[str, Any]]) -> AsyncIterator[tuple[str, list[Difference]]]:
        """
        Yield the id of each exchange with the differences found.
        """
        self._topic = topic
        for record in records:
            await self._prepare(record)
            if "series" in record:
                yield record["id"], self._series(record)
            elif "last_headers" in record:
                yield record["id"], await self._repeated(record)
            elif "method" in (record.get("request") or {}):
                yield record["id"], await self.exchange(record)
                await self._afterwards(record)
        self._switch_on_everything()

    async def exchange(self, record: dict[str, Any]) -> list[Difference]:
        """
        Ask once, and compare the answer with the recorded one.
        """
        reply = await self.ask(record)
        recorded, comparison = record["response"], Comparison(self._bindings)
        comparison.expect("status", "", recorded["status"], reply.status)
        wanted, got = recorded["body"], reply.body
        if isinstance(wanted, dict) and recorded["status"] >= 400:
            got = got if isinstance(got, dict) else {}
            comparison.expect("type", "", wanted.get("type"), got.get("type"))
            comparison.expect("text", "", self._bindings.apply(wanted.get("message")), got.get("message"))
            comparison.expect("shape", "$ keys", sorted(wanted), sorted(got))
        elif isinstance(wanted, dict):
            comparison.body(wanted, _as_long(wanted, got, path=record["request"]["path"]))
        else:
            comparison.expect("shape", "$", isinstance(wanted, str | None), not isinstance(got, dict))
        comparison.headers(recorded["headers"], reply.headers, HEADERS)
        self._learn(record, reply)
        return comparison.differences

    async def ask(self, record: dict[str, Any]) -> Reply:
        """
        Ask once as the recorded identity.
        """
        request, identity = record["request"], record["identity"]
        secrets = self._caller.secrets
        who = _SAME_SESSION.get(identity, identity)
        headers = {name: secrets.fill(value, who) for name, value in request["headers"].items()}
        if identity == "jwt_bad":
            headers["X-Appwrite-JWT"] = headers["X-Appwrite-JWT"][:-4] + "AAAA"
        if identity == "jwt_expired":
            claims = {"userId": self._renaming.apply("user_a"), "sessionId": "", "exp": 1}
            headers["X-Appwrite-JWT"] = jwt.sign(claims)
        body = request["body"]
        if body is not None:
            text = body if isinstance(body, str) else json.dumps(self._bindings.apply(body))
            body = secrets.fill(text, who)
        path = self._bindings.apply(request["path"])
        return await self._caller.send(request["method"], path, headers=headers, body=body, group=self._group(record))

    def _group(self, record: dict[str, Any]) -> str:
        parts = record["id"].split("/")
        if "/rate_limit/" in record["id"] or "/abuse" in record["id"]:
            return f"{parts[0]} {parts[1]}"
        if "/messages_by_users/" in record["id"]:
            return str(record["id"])
        if self._topic == "http-documents":
            return "/".join((parts[0], parts[1], record.get("state") or "", record["identity"]))
        return self._topic

    async def _prepare(self, record: dict[str, Any]) -> None:
        world, parts = self._caller.sandbox.world, record["id"].split("/")
        self._switch_on_everything()
        if parts[0] == "service_off":
            world.services_off.add(parts[1])
        if parts[0] == "protocol_off":
            world.protocols_off.add(parts[1])
        if self._topic == "http-documents" and parts[0] in _FAMILIES and parts[0] not in self._seeded:
            self._seeded.add(parts[0])
            await seed_documents(self._caller, self._renaming, parts[0])
        if "/lifecycle/" in record["id"] and record["response"]["status"] in {200, 201, 202}:
            # Asked too early on purpose; where the real worker was faster, ours may be.
            await self.until_idle()
        if "/validation/" in record["id"] and f"duplicates {parts[0]}" not in self._seeded:
            self._seeded.add(f"duplicates {parts[0]}")
            await seed_duplicates(self._caller, self._renaming, parts[0])
        if record["id"] == "users/updateStatus/block":
            await add_user(self._caller, self._renaming, "user_blocked", name="Blocked")
        if parts[-1] in _AFTER:
            self._answers = [await self.ask(record) for _ in range(_AFTER[parts[-1]])]

    async def _repeated(self, record: dict[str, Any]) -> list[Difference]:
        # The recorder kept only the last answer's head: no limit is counted for listing.
        comparison = Comparison(self._bindings)
        place = (self._renaming.apply("68f76ee1000e64ca8d05"), self._renaming.apply("st_any_all"))
        path = "/v1/databases/{}/collections/{}/documents".format(*place)
        headers = {"X-Appwrite-Project": self._caller.sandbox.project}
        path += "?queries[0]=%7B%22method%22%3A%22limit%22%2C%22values%22%3A%5B1%5D%7D"
        replies = [await self._caller.send("GET", path, headers=headers, group="list") for _ in range(64)]
        comparison.expect("status", "", record["last_status"], replies[-1].status)
        comparison.headers(record["last_headers"], replies[-1].headers, HEADERS)
        return comparison.differences

    def _series(self, record: dict[str, Any]) -> list[Difference]:
        comparison = Comparison(self._bindings)
        remaining = [int(each.headers["x-ratelimit-remaining"][0]) for each in self._answers]
        key = "x-ratelimit-remaining" if "x-ratelimit-remaining" in record["series"][0] else "remaining"
        recorded = [int(each[key]) for each in record["series"]]
        comparison.expect("header", "x-ratelimit-remaining", recorded[-len(remaining) - 1 : -1], remaining)
        statuses = [each.status for each in self._answers]
        comparison.expect(
            "status", "series", [each["status"] for each in record["series"]][-len(remaining) - 1 : -1], statuses
        )
        return comparison.differences

    async def _afterwards(self, record: dict[str, Any]) -> None:
        # The recorder removed what it had made.
        if record["id"].endswith("/create/key_full"):
            await self._caller.manage("DELETE", f"{record['request']['path'].removeprefix('/v1')}/dup_key_full")

    def _switch_on_everything(self) -> None:
        self._caller.sandbox.world.services_off.clear()
        self._caller.sandbox.world.protocols_off.clear()

    async def until_idle(self) -> None:
        """
        Wait until the background worker has nothing to do.
        """
        async with asyncio.timeout(10):
            while self._caller.sandbox.world.worker.waiting:  # noqa: ASYNC110 - the worker is not ours
                await asyncio.sleep(0.01)

    def _learn(self, record: dict[str, Any], reply: Reply) -> None:
        secrets, identity = self._caller.secrets, _LOGINS.get(record["id"])
        if identity and reply.status == 201:
            secrets.sessions[identity] = session_in(reply)
        if record["id"] == "jwt/create":
            secrets.texts["<JWT>"] = reply.body["jwt"]
        if record["id"] == "users/createToken/ok":
            secrets.texts["<TOKEN_SECRET>"] = reply.body["secret"]
        if record["id"] == "users/createSession/secret":
            secrets.texts["<SESSION_SECRET>"] = reply.body["secret"]


def _as_long(recorded: dict[str, Any], got: Any, *, path: str) -> Any:
    """
    Return *got* with a page as short as the recorder kept it, when it is as long as it must be.
    """
    noun = next((key for key, value in recorded.items() if isinstance(value, list)), None)
    if "total" not in recorded or noun is None or not isinstance(got, dict) or not isinstance(got.get(noun), list):
        return got
    kept, limit = len(recorded[noun]), re.search(r'"limit","values":\[(\d+)', unquote(path).replace(" ", ""))
    whole = min(recorded["total"], int(limit[1]) if limit else 25)
    return got | {noun: got[noun][:kept]} if len(got[noun]) == whole else got


# How often the same was asked before: the exchange after which a limit is reached, and how many lead to it.
_AFTER = {"abuse-11": 10, "abuse-51": 50, "create-121": 119}
_LOGINS = {"session/email/ok": "user_new", "session/anonymous/ok": "anonymous"}
