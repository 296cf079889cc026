"""
The connections of the process: connectors, name resolution and TLS policies, each made when first needed.

A fresh connection is shared by nobody and kept by nobody. A kept one belongs to one identity. Cookies are never kept:
Appwrite refuses a key and a session in one request, and an identity must be what its headers say and nothing else.
"""

from functools import cached_property
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler

from monitor.appwrite.failures import place, translate
from monitor.appwrite.phases import ProbeContext, current_exchange, now, tls_policy, tracing

# Below the shortest idle limit in common use (5 s), so that a kept connection is never taken up just as it is closed.
_KEEP_ALIVE_SECONDS = 4.0


class Connections:
    """
    Makes aiohttp sessions, and ends all that they opened.
    """

    def __init__(self, *, user_agent: str) -> None:
        self._user_agent = user_agent
        self._connectors: list[aiohttp.TCPConnector] = []
        self._clients: list[aiohttp.ClientSession] = []

    def client(self, *, fresh: bool) -> aiohttp.ClientSession:
        """
        Return a new aiohttp session, over the connector of all fresh connections or over one of its own.
        """
        client = aiohttp.ClientSession(
            connector=self._fresh if fresh else self._connector(fresh=False),
            connector_owner=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._user_agent},
            # Our own wait bounds every exchange: aiohttp rounds long ones up to whole seconds.
            timeout=aiohttp.ClientTimeout(),
            # What hooks cost is a tenth of a request: kept connections are stamped by their connector alone.
            trace_configs=[self._trace] if fresh else [],
            middlewares=[_once],
        )
        self._clients.append(client)
        return client

    def tls(self, *, verify: bool) -> ProbeContext:
        """
        Return the TLS policy.
        """
        return self._verifying if verify else self._trusting

    @cached_property
    def _verifying(self) -> ProbeContext:
        return tls_policy(verify=True)

    @cached_property
    def _trusting(self) -> ProbeContext:
        return tls_policy(verify=False)

    @cached_property
    def _trace(self) -> aiohttp.TraceConfig:
        return tracing()

    @cached_property
    def _resolver(self) -> AbstractResolver:
        # aiodns: the thread pool behind the system's resolver fills up with names that hang.
        return _StampingResolver()

    @cached_property
    def _fresh(self) -> aiohttp.TCPConnector:
        return self._connector(fresh=True)

    def _connector(self, *, fresh: bool) -> aiohttp.TCPConnector:
        connector = (
            aiohttp.TCPConnector(resolver=self._resolver, limit=0, use_dns_cache=False, force_close=True)
            if fresh
            else _KeptConnector(
                resolver=self._resolver, limit=0, use_dns_cache=False, keepalive_timeout=_KEEP_ALIVE_SECONDS
            )
        )
        self._connectors.append(connector)
        return connector

    async def close(self) -> None:
        """
        End every connection.
        """
        for client in self._clients:
            await client.close()
        for connector in self._connectors:
            await connector.close()
        if "_resolver" in self.__dict__:
            await self._resolver.close()


class _KeptConnector(aiohttp.TCPConnector):
    """
    Connections that are kept, and stamp the current exchange when a new one is opened.

    When the request was sent is not seen here: it counts as sent when there is a connection.
    """

    async def _create_connection(
        self, req: aiohttp.ClientRequest, traces: list[Any], timeout: aiohttp.ClientTimeout
    ) -> ResponseHandler:
        exchange = current_exchange.get()
        exchange.reused, exchange.sent, exchange.connecting = False, None, now()
        connection = await super()._create_connection(req, traces, timeout)
        exchange.connected = exchange.sent = now()
        return connection


class _StampingResolver(aiohttp.AsyncResolver):
    """
    Stamps the current exchange, where there is one, with the time that its name took.
    """

    async def resolve(self, *args: Any, **kwargs: Any) -> list[ResolveResult]:
        exchange = current_exchange.get(None)
        if exchange is not None:
            exchange.dns_started = now()
        found = await super().resolve(*args, **kwargs)
        if exchange is not None:
            exchange.dns_ended = now()
        return found


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """
    Keep aiohttp from asking again after a lost connection: that would hide every second failure.

    Only a kept connection that the server has closed meanwhile is given up for another: it says nothing of the target.
    """
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        exchange = current_exchange.get()
        if exchange.reused:
            raise
        raise translate(error, place(request.method, str(request.url)), exchange) from error
