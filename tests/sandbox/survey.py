"""
What each kind of caller gets from a sandbox, all at one look: what a fault breaks, and what goes on.
"""

import secrets
from collections.abc import Mapping

import aiohttp

from tests.sandbox.client import Client
from tests.sandbox.states import documents_path

# What a survey finds in a sandbox without faults.
HEALTHY: Mapping[str, str] = {
    "ping": "200",
    "version": "200",
    "health": "200",
    "account": "200",
    "jwt": "200",
    "list": "200",
    "create": "201",
    "bookings": "200",
    "metadata": "200",
    "databases": "200",
    "rows": "200",
    "page": "200",
    "anonymous": "201",
    "password": "201",
    "function": "201 completed",
    "socket": "connected",
    "event": "heard",
}
# Long enough for an event over loopback.
EVENT_SECONDS = 0.05


async def survey(client: Client) -> dict[str, str]:
    """
    Return what every kind of call gets: the verdict of REST calls, and how a socket does.
    """
    found = {name: await verdict(client, name) for name in HEALTHY if name not in {"socket", "event"}}
    return found | await listening(client)


async def verdict(client: Client, name: str) -> str:
    """
    Return what one kind of call gets.
    """
    database = f"/databases/{client.sandbox.database}"
    messages = documents_path(client.sandbox.database, collection="chat_messages")
    customer = client.sandbox.customer
    calls: dict[str, tuple[str, str, str, object]] = {
        "ping": ("GET", "/ping", "customer", None),
        "version": ("GET", "/health/version", "guest", None),
        "health": ("GET", "/health", "key", None),
        "account": ("GET", "/account", "customer", None),
        "jwt": ("GET", "/account", "by-jwt", None),
        "list": ("GET", messages, "customer", None),
        "create": ("POST", messages, "customer", message()),
        "bookings": ("GET", documents_path(client.sandbox.database, collection="bookings"), "customer", None),
        "metadata": ("GET", messages.removesuffix("/documents"), "key", None),
        "databases": ("GET", database, "key", None),
        "rows": ("GET", f"/tablesdb/{client.sandbox.database}/tables/chat_messages/rows", "customer", None),
        "page": ("GET", "/locale", "page", None),
        "anonymous": ("POST", "/account/sessions/anonymous", "guest", {}),
        "password": (
            "POST",
            "/account/sessions/email",
            "guest",
            {"email": customer.email, "password": customer.password},
        ),
        "function": ("POST", "/functions/ping/executions", "guest", {}),
    }
    method, path, by, body = calls[name]
    reply = await client.call(method, path, by=by, body=body)
    if name == "function" and reply.status == 201:
        return f"201 {reply.body['status']}"
    return reply.verdict


async def listening(client: Client) -> dict[str, str]:
    """
    Return how a new socket opens, and whether it hears of a message that the server key writes.
    """
    try:
        listener = await client.listen("&channels[]=documents", by="customer")
    except aiohttp.WSServerHandshakeError as error:
        return {"socket": f"http {error.status}", "event": "unheard"}
    frame = await listener.frame()
    if frame["type"] == "error":
        code = await listener.close_code()
        return {"socket": f"error {frame['data']['code']}, {code}", "event": "unheard"}
    messages = documents_path(client.sandbox.database, collection="chat_messages")
    await client.call("POST", messages, by="key", body=message())
    try:
        event = await listener.socket.receive_json(timeout=EVENT_SECONDS)
    except TimeoutError:
        event = {"type": "none"}
    await listener.socket.close()
    return {"socket": "connected", "event": "heard" if event["type"] == "event" else "unheard"}


def message() -> dict[str, object]:
    """
    Return the body that creates a chat message.
    """
    data = {"sessionId": "s", "senderId": "c", "text": "hello"}
    return {"documentId": f"m{secrets.token_hex(8)}", "data": data, "permissions": ['read("users")']}


async def acquaint(client: Client) -> None:
    """
    Make the callers of a survey known to *client*.
    """
    sandbox = client.sandbox
    client.sign_in("customer", sandbox.customer.id)
    reply = await client.call("POST", f"/users/{sandbox.customer.id}/jwts", by="key", body={})
    client.identity("by-jwt", X_Appwrite_JWT=reply.body["jwt"])
    client.identity("page", Origin="http://localhost")
