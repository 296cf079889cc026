import asyncio
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.appwrite.budget import Budget
from monitor.core.cost import LIMITS, Bucket, Limited, bucket_of
from monitor.core.errors import OwnFault
from monitor.core.identity import Anonymous, Guest, Identity, Password, User
from tests.appwrite.conftest import on_fake_time
from tests.clock import FakeClock

AS_CUSTOMER = Bucket(what=Limited.CREATES, user="c1", identity="customer")
AS_THERAPIST = Bucket(what=Limited.CREATES, user="t1", identity="therapist")
CONNECTS = Bucket(what=Limited.CONNECTS)


@pytest.fixture
def budget() -> Budget:
    return Budget(FakeClock())


def spend(budget: Budget, bucket: Bucket, count: int) -> None:
    for _ in range(count):
        budget.spend(bucket)


async def hold(
    budget: Budget, who: str, demand: Mapping[Bucket, int], *, seconds: float = 0.0, sends: int = 0
) -> float:
    """
    Be a run that sends *sends* of each at once and ends after *seconds*; return when it was let in.
    """
    async with budget.room_for(who, demand):
        let_in = asyncio.get_running_loop().time()
        for bucket in demand:
            spend(budget, bucket, sends)
        await asyncio.sleep(seconds)
    return let_in


@on_fake_time
@pytest.mark.parametrize(
    ("bucket", "says"),
    [
        pytest.param(AS_CUSTOMER, "100 document creates as 'customer' within 1m, 1 more needed, at most 100", id="as"),
        pytest.param(CONNECTS, "100 socket connects within 1m, 1 more needed, at most 100", id="of-the-address"),
        pytest.param(
            Bucket(what=Limited.ANONYMOUS_SIGN_INS),
            "48 anonymous sign-ins within 1h, 1 more needed, at most 48",
            id="h",
        ),
    ],
)
async def test_refuses_what_would_trip_a_limit_until_the_window_has_passed(
    budget: Budget, bucket: Bucket, says: str
) -> None:
    limit = LIMITS[bucket.what]
    spend(budget, bucket, limit.ours - 1)
    await asyncio.sleep(1)
    budget.spend(bucket)

    with pytest.raises(OwnFault, match=f"request budget spent: {says}: run such checks less often"):
        budget.spend(bucket)
    await asyncio.sleep(limit.seconds - 1.01)
    with pytest.raises(OwnFault):
        budget.spend(bucket)
    await asyncio.sleep(0.02)
    spend(budget, bucket, limit.ours - 1)
    with pytest.raises(OwnFault):
        budget.spend(bucket)


@on_fake_time
async def test_every_user_and_every_socket_has_a_window_of_its_own(budget: Budget) -> None:
    first, second = budget.messages(), budget.messages()

    spend(budget, AS_CUSTOMER, 100)
    spend(budget, AS_THERAPIST, 100)
    for _ in range(28):
        first.spend()
        second.spend()

    with pytest.raises(OwnFault, match="28 messages on one socket within 1m"):
        first.spend()


IDENTITIES: Mapping[str, Identity] = {
    "guest": Guest(),
    "visitor": Guest(),
    "customer": User(user_id="c1"),
    "same": User(user_id="c1"),
    "c1": Password.model_validate({"email": "a@example.com", "password": "hunter2"}),
    "passer-by": Anonymous(),
}


@pytest.mark.parametrize(
    ("what", "one", "other", "together"),
    [
        pytest.param(Limited.CREATES, "customer", "same", True, id="two-names-of-one-user"),
        pytest.param(Limited.CREATES, "guest", "visitor", True, id="guests"),
        pytest.param(Limited.CREATES, "customer", "guest", False, id="user-and-guest"),
        pytest.param(Limited.CREATES, "customer", "c1", False, id="name-that-is-an-id"),
        pytest.param(Limited.CREATES, "c1", "passer-by", False, id="two-of-unknown-id"),
        pytest.param(Limited.SIGN_OUTS, "customer", "guest", True, id="by-address"),
    ],
)
def test_counts_together_what_appwrite_does(what: Limited, one: str, other: str, together: bool) -> None:
    same = bucket_of(what, one, IDENTITIES) == bucket_of(what, other, IDENTITIES)

    assert same is together


@on_fake_time
async def test_room_is_held_until_the_run_has_ended_and_what_it_sent_counts_on(budget: Budget) -> None:
    first = asyncio.create_task(hold(budget, "chat", {AS_CUSTOMER: 80}, seconds=10, sends=30))
    await asyncio.sleep(0)
    second = asyncio.create_task(hold(budget, "flow", {AS_CUSTOMER: 30}, sends=30))
    third = asyncio.create_task(hold(budget, "page", {AS_CUSTOMER: 60}))

    assert [await first, await second, await third] == [0.0, 10.0, 60.0]


@on_fake_time
async def test_nobody_overtakes_who_waits_for_the_same_and_others_go_on(budget: Budget) -> None:
    spend(budget, AS_CUSTOMER, 50)
    demands: list[Mapping[Bucket, int]] = [
        {AS_CUSTOMER: 60, CONNECTS: 90},
        {AS_CUSTOMER: 1},
        {CONNECTS: 10},
        {CONNECTS: 20},
        {AS_THERAPIST: 100},
        {},
    ]

    runs = [hold(budget, f"run-{number}", demand) for number, demand in enumerate(demands)]

    # Of the connects the first wants 90 of 100, so that 10 are there for whoever comes after it.
    assert await asyncio.gather(*runs) == [60.0, 60.0, 0.0, 60.0, 0.0, 0.0]


@on_fake_time
async def test_who_sends_more_than_was_held_takes_it_from_nobody(budget: Budget) -> None:
    async with budget.room_for("flow", {AS_CUSTOMER: 40}):

        async def exceed() -> None:
            async with budget.room_for("chat", {AS_CUSTOMER: 50}):
                spend(budget, AS_CUSTOMER, 61)

        with pytest.raises(
            OwnFault, match=r"60 document creates .*, 40 held .*, 1 more needed, .* \(chat 60, flow 40\)"
        ):
            await asyncio.create_task(exceed())
        spend(budget, AS_CUSTOMER, 40)


@on_fake_time
async def test_what_a_run_starts_spends_what_is_held_for_it(budget: Budget) -> None:
    async def send() -> None:
        spend(budget, AS_CUSTOMER, 60)

    async def chat() -> None:
        async with budget.room_for("chat", {AS_CUSTOMER: 60}):
            await asyncio.sleep(1)
            await asyncio.create_task(send())

    running = asyncio.create_task(chat())
    await asyncio.sleep(0)
    spend(budget, AS_CUSTOMER, 40)

    await running


@on_fake_time
async def test_a_watch_sends_in_every_window_what_is_held_for_it(budget: Budget) -> None:
    async with budget.room_for("held", {CONNECTS: 10}):
        for _ in range(3):
            other = asyncio.create_task(hold(budget, "burst", {CONNECTS: 90}, sends=90))
            spend(budget, CONNECTS, 10)
            await other
            await asyncio.sleep(60)


@on_fake_time
async def test_what_can_never_be_is_let_in_and_ends_at_the_limit(budget: Budget) -> None:
    with pytest.raises(OwnFault, match="100 document creates"):
        await hold(budget, "chat", {AS_CUSTOMER: 1000}, sends=1000)


@on_fake_time
async def test_tells_what_a_run_waits_for_and_who_has_it(budget: Budget) -> None:
    tasks = [
        asyncio.create_task(hold(budget, who, {AS_CUSTOMER: count, CONNECTS: 1}, seconds=5, sends=sends))
        for who, count, sends in [("chat", 60, 1), ("flow", 30, 1), ("page", 20, 1), ("late", 20, 1)]
    ]
    await asyncio.sleep(1)

    assert [budget.shortage(who) for who in ("chat", "page", "late")] == [
        "",
        "request budget spent: 2 document creates as 'customer' within 1m, 88 held for runs under way, 20 more needed,"
        " at most 100 (chat 60, flow 30): run such checks less often",
        "request budget spent: 2 document creates as 'customer' within 1m, 88 held for runs under way, 20 for runs that"
        " wait already, 20 more needed, at most 100 (chat 60, flow 30): run such checks less often",
    ]
    await asyncio.gather(*tasks)


@on_fake_time
@pytest.mark.parametrize(
    "end",
    [pytest.param(lambda _, task: task.cancel(), id="cancelled"), pytest.param(lambda b, _: b.stop(), id="stopped")],
)
async def test_who_waits_no_longer_keeps_nobody_waiting(
    budget: Budget, end: Callable[[Budget, asyncio.Task[float]], None]
) -> None:
    spend(budget, AS_CUSTOMER, 90)
    first = asyncio.create_task(hold(budget, "first", {AS_CUSTOMER: 20}))
    second = asyncio.create_task(hold(budget, "second", {AS_CUSTOMER: 10}))
    await asyncio.sleep(1)

    end(budget, first)

    assert await second == 1.0
    await asyncio.gather(first, return_exceptions=True)


RUNS = st.lists(
    st.tuples(
        st.floats(0, 90),  # when it comes
        st.dictionaries(st.sampled_from([AS_CUSTOMER, AS_THERAPIST, CONNECTS]), st.integers(1, 100), max_size=3),
        st.floats(0, 70),  # how long it takes
        st.floats(0, 1),  # how much of its demand it sends
        st.booleans(),  # whether it falls over
    ),
    max_size=12,
)


@on_fake_time
@settings(max_examples=100, deadline=None)
@given(runs=RUNS)
async def test_no_window_ever_holds_more_than_we_allow_and_every_run_gets_its_turn(
    runs: list[tuple[float, Mapping[Bucket, int], float, float, bool]],
) -> None:
    budget = Budget(FakeClock())
    sent: list[tuple[float, Bucket]] = []

    async def run(number: int) -> None:
        at, demand, seconds, share, falls = runs[number]
        await asyncio.sleep(at)
        async with budget.room_for(f"run-{number}", demand):
            for bucket, count in demand.items():
                for _ in range(round(count * share)):
                    budget.spend(bucket)
                    sent.append((asyncio.get_running_loop().time(), bucket))
                await asyncio.sleep(seconds)
            if falls:
                raise ZeroDivisionError

    ended = await asyncio.gather(*(run(number) for number in range(len(runs))), return_exceptions=True)

    assert {type(error) for error in ended} <= {type(None), ZeroDivisionError}
    assert len(sent) == sum(round(count * share) for _, demand, _, share, _ in runs for count in demand.values())
    for at, bucket in sent:
        within = [each for then, each in sent if at - LIMITS[bucket.what].seconds + 0.001 < then <= at]
        assert within.count(bucket) <= LIMITS[bucket.what].ours
