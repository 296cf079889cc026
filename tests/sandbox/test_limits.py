"""
Rate limits: what is counted, what is told, and who is refused.
"""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from monitor.sandbox.server import Sandbox
from monitor.sandbox.state.limits import Counters
from tests.clock import FakeClock
from tests.sandbox.client import Client, Reply

pytestmark = pytest.mark.asyncio

REFUSED = "429 general_rate_limit_exceeded"
NEW = {"userId": "unique()", "email": "new@example.com", "password": "long enough"}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest_asyncio.fixture
async def limited(clock: FakeClock) -> AsyncIterator[Client]:
    jar = aiohttp.DummyCookieJar()
    async with Sandbox(rate_limits=True, clock=clock) as sandbox, aiohttp.ClientSession(cookie_jar=jar) as session:
        yield Client(sandbox, session)


def standing(reply: Reply) -> tuple[str | None, str | None]:
    return reply.headers.get("X-RateLimit-Limit"), reply.headers.get("X-RateLimit-Remaining")


async def sign_in(client: Client, *, password: str | None = None, by: str = "guest") -> Reply:
    body = {"email": client.sandbox.customer.email, "password": password or client.sandbox.customer.password}
    return await client.call("POST", "/account/sessions/email", by=by, body=body)


async def test_refuses_the_eleventh_wrong_login_of_an_hour_as_recorded(limited: Client) -> None:
    replies = [await sign_in(limited, password="wrong-password") for _ in range(11)]

    assert [each.status for each in replies] == [401] * 10 + [429]
    assert [standing(each)[1] for each in replies] == [*(str(left) for left in range(9, -1, -1)), "0"]
    assert replies[-1].body == {
        "message": "Rate limit for the current endpoint has been exceeded. Please try again after some time.",
        "code": 429,
        "type": "general_rate_limit_exceeded",
        "version": "1.9.6",
    }


async def test_counts_logins_by_the_email_whichever_path_they_take(limited: Client) -> None:
    for _ in range(5):
        await sign_in(limited, password="wrong-password")
        body = {"email": limited.sandbox.customer.email, "password": "wrong-password"}
        await limited.call("POST", "/account/sessions", body=body)
    other = {"email": limited.sandbox.therapist.email, "password": limited.sandbox.therapist.password}

    refused, let_in = await sign_in(limited), await limited.call("POST", "/account/sessions/email", body=other)

    assert (refused.verdict, let_in.verdict) == (REFUSED, "201")


async def test_starts_anew_after_a_login_that_succeeds(limited: Client) -> None:
    for _ in range(9):
        await sign_in(limited, password="wrong-password")

    last, next_one = await sign_in(limited), await sign_in(limited, password="wrong-password")

    assert (last.status, standing(last), standing(next_one)) == (201, ("10", "0"), ("10", "9"))


async def test_begins_a_new_window_at_the_full_hour(limited: Client, clock: FakeClock) -> None:
    replies = [await sign_in(limited, password="wrong-password") for _ in range(11)]
    now = clock.now().timestamp()
    ends = int(replies[-1].headers["X-RateLimit-Reset"])

    clock.jump(ends - now + 1)

    assert (ends % 3600, 0 < ends - now <= 3600) == (0, True)
    assert standing(await sign_in(limited, password="wrong-password")) == ("10", "9")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({"password": "short"}, 400, id="bad-parameter"),
        pytest.param({"email": "synthetic-customer@example.com"}, 409, id="conflict"),
    ],
)
async def test_counts_calls_that_a_later_check_refuses(limited: Client, change: dict[str, object], status: int) -> None:
    replies = [await limited.call("POST", "/account", body=NEW | change) for _ in range(2)]

    assert [(each.status, standing(each)) for each in replies] == [(status, ("10", "9")), (status, ("10", "8"))]


async def test_does_not_count_who_lacks_the_scope(limited: Client) -> None:
    refused = await limited.call("DELETE", "/account/sessions/current")

    assert (refused.status, standing(refused)) == (401, (None, None))


async def test_tells_keys_the_limit_but_neither_counts_nor_refuses_them(limited: Client) -> None:
    replies = [await sign_in(limited, password="wrong-password", by="key") for _ in range(12)]

    assert {(each.status, standing(each)) for each in replies} == {(401, ("10", "9"))}


async def test_neither_counts_nor_refuses_developers(limited: Client) -> None:
    limited.sandbox.world.developer_keys.add("dev")
    limited.identity("developer", X_Appwrite_Dev_Key="dev")

    replies = [await sign_in(limited, password="wrong-password", by="developer") for _ in range(12)]

    assert {(each.status, standing(each)) for each in replies} == {(401, ("10", "9"))}


async def test_only_tells_the_limits_unless_they_are_switched_on(client: Client) -> None:
    replies = [await sign_in(client, password="wrong-password") for _ in range(12)]

    assert {(each.status, standing(each)) for each in replies} == {(401, ("10", "9"))}


async def test_tells_the_limit_also_where_the_project_is_missing(limited: Client) -> None:
    path = f"/databases/{limited.sandbox.database}/collections/bookings/documents"

    reply = await limited.call("POST", path, body={}, headers={"X-Appwrite-Project": ""})

    assert (reply.verdict, standing(reply)) == ("401 general_access_forbidden", ("120", "119"))


async def test_looks_for_the_project_only_within_the_limit(limited: Client) -> None:
    path, headers = f"/databases/{limited.sandbox.database}/collections/bookings/documents", {"X-Appwrite-Project": ""}
    for _ in range(120):
        await limited.call("POST", path, body={}, headers=headers)

    reply = await limited.call("POST", path, body={}, headers=headers)

    assert reply.verdict == REFUSED


@pytest.mark.parametrize(("method", "most"), [("POST", 120), ("DELETE", 60)])
async def test_counts_writes_of_all_collections_together_and_each_user_apart(
    limited: Client, method: str, most: int
) -> None:
    limited.sign_in("somebody", "somebody")
    base, one = f"/databases/{limited.sandbox.database}/collections", "/x" if method == "DELETE" else ""
    for _ in range(most):
        await limited.call(method, f"{base}/bookings/documents{one}", body={})

    refused = await limited.call(method, f"{base}/chat_messages/documents{one}", body={})
    other = await limited.call(method, f"{base}/bookings/documents{one}", by="somebody", body={})

    assert (refused.verdict, standing(other)) == (REFUSED, (str(most), str(most - 1)))


async def test_remembers_no_more_counters_than_it_may(clock: FakeClock) -> None:
    counters = Counters(clock, capacity=3)
    for number in range(5):
        counters.use(f"key-{number}", limit=10, seconds=60)
    kept = counters.use("key-4", limit=10, seconds=60)

    clock.jump(60)
    counters.use("new", limit=10, seconds=60)

    assert (kept.remaining, len(counters)) == (8, 1)
