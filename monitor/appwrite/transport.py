"""
The transport of the daemon, on aiohttp.
"""

from collections.abc import Awaitable, Callable

from monitor.appwrite.budget import Budget
from monitor.appwrite.connections import Connections
from monitor.appwrite.gate import Gate
from monitor.appwrite.session import AiohttpSession


class AiohttpTransport:
    """
    Sessions by identity, for the life of the process; one gate and one budget for them all.
    """

    def __init__(self, *, user_agent: str, budget: Budget | None) -> None:
        self._connections = Connections(user_agent=user_agent)
        self._gate = Gate()
        self._budget = budget
        self._sessions: dict[str, AiohttpSession] = {}
        self._closers: list[Callable[[], Awaitable[None]]] = []

    def session(self, identity: str) -> AiohttpSession:
        if identity not in self._sessions:
            self._sessions[identity] = AiohttpSession(
                connections=self._connections, gate=self._gate, budget=self._budget
            )
        return self._sessions[identity]

    def at_close(self, closer: Callable[[], Awaitable[None]]) -> None:
        self._closers.append(closer)

    async def close(self) -> None:
        while self._closers:
            await self._closers.pop()()
        await self._connections.close()
