"""
Who asks: the recorded identities, with credentials that the sandbox gave them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from yarl import URL

from monitor.sandbox.server import Sandbox

PASSWORD = "Recorded-passw0rd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """
    One HTTP answer; *headers* by lower-case name, each with all its values.
    """

    status: int
    headers: Mapping[str, list[str]]
    body: Any


@dataclass(slots=True)
class Secrets:
    """
    What stands for the placeholders of the recordings; *sessions* by identity.
    """

    keys: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def fill(self, text: str, identity: str) -> str:
        """
        Return *text* with the placeholders filled for *identity*.
        """
        filled = text.replace("<SESSION_TOKEN>", self.sessions.get(identity, "no-session"))
        for placeholder, value in (self.keys | self.texts).items():
            filled = filled.replace(placeholder, value)
        return filled


class Caller:
    """
    Sends what was recorded to a running sandbox, each group of identities from an address of its own.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.secrets = Secrets(
            keys={
                "<API_KEY_FULL>": sandbox.api_key,
                "<API_KEY_INVALID>": "standard_" + "0" * 64,
                "<PASSWORD>": PASSWORD,
            }
        )
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    def session(self, group: str) -> aiohttp.ClientSession:
        """
        Return the HTTP session of a group; rate limits count by address.
        """
        if group not in self._sessions:
            number = len(self._sessions) + 2
            connector = aiohttp.TCPConnector(
                local_addr=(f"127.{number // 65000}.{number // 250 % 250}.{number % 250}", 0), limit=0
            )
            self._sessions[group] = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._sessions[group]

    async def send(
        self, method: str, path: str, *, headers: Mapping[str, str], body: Any = None, group: str = "set-up"
    ) -> Reply:
        """
        Send one request; *path* begins with ``/v1``, *body* is JSON, or raw text.
        """
        url = URL(f"{self.sandbox.endpoint.removesuffix('/v1')}{path}", encoded=True)
        data = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body).encode()
        async with self.session(group).request(method, url, headers=headers, data=data) as response:
            text = await response.text()
            try:
                parsed = json.loads(text)
            except ValueError:
                parsed = text
            names = {name.lower() for name in response.headers}
            all_headers = {name: list(response.headers.getall(name)) for name in names}
            return Reply(status=response.status, headers=all_headers, body=parsed)

    async def manage(self, method: str, path: str, body: Any = None) -> Any:
        """
        Do something with the full server key, which must succeed; return the body.
        """
        headers = {
            "X-Appwrite-Project": self.sandbox.project,
            "X-Appwrite-Key": self.sandbox.api_key,
            "Content-Type": "application/json",
        }
        reply = await self.send(method, f"/v1{path}", headers=headers, body=body)
        assert reply.status < 300, (method, path, reply)
        return reply.body

    async def sign_in(self, identity: str, email: str) -> None:
        """
        Sign a user in, who then is *identity*.
        """
        headers = {"X-Appwrite-Project": self.sandbox.project, "Content-Type": "application/json"}
        body = {"email": email, "password": PASSWORD}
        reply = await self.send(
            "POST", "/v1/account/sessions/email", headers=headers, body=body, group=f"sign-in {identity}"
        )
        assert reply.status == 201, reply
        self.secrets.sessions[identity] = session_in(reply)

    async def close(self) -> None:
        """
        Close all connections.
        """
        for session in self._sessions.values():
            await session.close()


def session_in(reply: Reply) -> str:
    """
    Return the session that a login gave to a caller without an origin.
    """
    session: str = next(iter(json.loads(reply.headers["x-fallback-cookies"][0]).values()))
    return session
