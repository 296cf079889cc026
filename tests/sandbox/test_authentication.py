"""
Authentication on a socket that was opened without channels, as the web SDK does it.
"""

import pytest

from tests.sandbox.client import Client

pytestmark = pytest.mark.asyncio

SUBSCRIBE = {"type": "subscribe", "data": [{"subscriptionId": "s", "channels": ["executions"]}]}


async def test_subscribing_right_after_authenticating_gets_events(client: Client) -> None:
    session = client.sign_in("ann", "ann")
    listener = await client.listen()
    await listener.frame()

    await listener.say({"type": "authentication", "data": {"session": session}})
    await listener.say(SUBSCRIBE)
    answered = [(await listener.frame())["data"]["to"] for _ in range(2)]
    await client.call("POST", "/functions/ping/executions", by="ann", body={})

    # The user is looked up while the subscription is answered.
    assert answered == ["subscribe", "authentication"]
    assert [each["payload"]["functionId"] for each in await listener.events()] == ["ping"]


async def test_whoever_waits_for_the_answer_first_has_lost_the_project(client: Client) -> None:
    session = client.sign_in("ann", "ann")
    listener = await client.listen()
    await listener.frame()

    await listener.ask({"type": "authentication", "data": {"session": session}})
    refused = await listener.ask(SUBSCRIBE)

    assert (refused["type"], refused["data"]["code"]) == ("error", 1008)
    assert await listener.close_code() == 1006
