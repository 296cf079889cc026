"""
A small client of the sandbox: what a caller of some identity gets, over real sockets.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from monitor.sandbox.server import Sandbox

# A frame that should come comes within it; one that should not is proved absent by a pong that comes first.
FRAME_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """
    One HTTP answer; *verdict* is ``200`` or ``404 document_not_found``.
    """

    status: int
    headers: Mapping[str, str]
    repeated: tuple[tuple[str, str], ...]
    body: Any

    @property
    def verdict(self) -> str:
        kind = self.body.get("type") if isinstance(self.body, dict) and self.status >= 400 else None
        return f"{self.status} {kind}" if kind else str(self.status)


class Client:
    """
    Calls one sandbox; keeps no cookies.
    """

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self._session = session
        self._headers: dict[str, dict[str, str]] = {"guest": {}, "key": {"X-Appwrite-Key": sandbox.api_key}}

    def identity(self, name: str, **headers: str) -> None:
        """
        Give the name *name* to whoever sends *headers*.
        """
        self._headers[name] = {key.replace("_", "-"): value for key, value in headers.items()}

    def sign_in(self, name: str, user_id: str) -> str:
        """
        Give the name *name* to a session of a user, a new one if need be; return the session as it is sent.
        """
        accounts = self.sandbox.world.accounts
        user = accounts.users.get(user_id) or accounts.create(
            id_=user_id, name=user_id, email=f"{user_id}@example.com", password="a-password"
        )
        encoded = accounts.open_session(user, provider="email", ip="127.0.0.1").encoded
        self.identity(name, X_Appwrite_Session=encoded)
        return encoded

    def headers_of(self, name: str) -> dict[str, str]:
        """
        Return what the caller of this name sends.
        """
        return {"X-Appwrite-Project": self.sandbox.project, **self._headers[name]}

    async def call(self, method: str, path: str, *, by: str = "guest", body: object = None, **options: Any) -> Reply:
        """
        Make one call; *path* is below ``/v1`` and sent as it is.
        """
        headers = self.headers_of(by) | options.pop("headers", {})
        if body is not None:
            options["json"] = body
        url = URL(f"{self.sandbox.endpoint}{path}", encoded=True)
        async with self._session.request(method, url, headers=headers, **options) as response:
            text = await response.text()
            try:
                parsed = json.loads(text)
            except ValueError:
                parsed = text
            repeated = tuple(response.headers.items())
            return Reply(status=response.status, headers=response.headers, repeated=repeated, body=parsed)

    async def listen(self, query: str = "", *, by: str = "guest", **headers: str) -> "Listener":
        """
        Open a socket; *query* follows ``project=…``.
        """
        sent = self._headers[by] | {key.replace("_", "-"): value for key, value in headers.items()}
        url = URL(f"{self.sandbox.endpoint}/realtime?project={self.sandbox.project}{query}", encoded=True)
        return Listener(await self._session.ws_connect(url, headers=sent, autoping=False))

    async def listen_at(self, url_part: str, **headers: str) -> "Listener":
        """
        Open a socket at an address of one's own, below ``/v1``.
        """
        url = URL(f"{self.sandbox.endpoint}{url_part}", encoded=True)
        return Listener(await self._session.ws_connect(url, headers=headers, autoping=False))


class Listener:
    """
    The client's end of a socket.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def frame(self) -> Any:
        """
        Return the next text frame, parsed.
        """
        return await self.socket.receive_json(timeout=FRAME_TIMEOUT_SECONDS)

    async def close_code(self) -> int | None:
        """
        Wait for the end of the socket; return how it ended.
        """
        message = await self.socket.receive(timeout=FRAME_TIMEOUT_SECONDS)
        assert message.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.ERROR}, message
        return self.socket.close_code

    async def say(self, message: object) -> None:
        """
        Send a message.
        """
        await self.socket.send_str(message if isinstance(message, str) else json.dumps(message))

    async def ask(self, message: object) -> Any:
        """
        Send a message and return the next frame.
        """
        await self.say(message)
        return await self.frame()

    async def events(self) -> list[Any]:
        """
        Return the events that have come so far; events and pong travel in order, so that none is still on its way.
        """
        frames = []
        await self.say({"type": "ping"})
        while (frame := await self.frame()) != {"type": "pong"}:
            frames.append(frame["data"])
        return frames
