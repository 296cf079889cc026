"""
That runs wait for the request budget, and what becomes of those for which there is none.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from monitor.appwrite.budget import Budget
from monitor.appwrite.identities import sign_in
from monitor.appwrite.transport import AiohttpTransport
from monitor.core.budget import UNLIMITED
from monitor.core.check import Check, IdentityName
from monitor.core.clock import SystemClock
from monitor.core.cost import Bucket, Cost, Limited
from monitor.core.demand import demand_of
from monitor.core.errors import CheckFailed
from monitor.core.identity import Anonymous, Guest, Identity, Password, User
from monitor.core.outcome import Outcome, Reason, Status
from monitor.core.run import Run, Surroundings
from monitor.core.target import Target
from monitor.runner import Runner
from monitor.sandbox.server import Sandbox
from tests.clock import FakeClock
from tests.engine import Behaving, NoStalls, forever, surroundings

on_fake_time = pytest.mark.looptime(start=0.0)
pytestmark = pytest.mark.asyncio
Act = Callable[[Run], Awaitable[None]]
CREATES = Bucket(what=Limited.CREATES, user="the guests", identity="guest")


class Costly(Behaving):
    """
    A check that does what a test tells it to, and says what that costs.
    """

    creates: int

    def costs(self) -> tuple[Cost, ...]:
        return (Cost(what=Limited.CREATES, count=self.creates, identity="guest"),)


class Engine:
    """
    A runner with a budget, and what it reported.
    """

    def __init__(self, *, concurrency: int = 50) -> None:
        clock = FakeClock()
        self.budget = Budget(clock)
        self.outcomes: list[Outcome] = []
        self.runner = Runner(
            replace(surroundings(clock), budget=self.budget),
            stalls=NoStalls(),
            on_outcome=lambda _, outcome: self.outcomes.append(outcome),
            concurrency=concurrency,
        )

    def start(self, name: str, creates: int, *, act: Act, tick: int = 1) -> None:
        check = Costly(name=name, every="30s", timeout="25s", act=act, creates=creates)
        self.runner.start(check, tick)

    def seen(self) -> list[tuple[str, int | None, Status]]:
        return [(outcome.check, outcome.tick, outcome.status) for outcome in self.outcomes]

    def spend(self, count: int) -> None:
        for _ in range(count):
            self.budget.spend(CREATES)


async def passes(_run: Run) -> None:
    return


def takes(seconds: float) -> Act:
    """
    Return the act of a check that passes after *seconds*.
    """

    async def act(_run: Run) -> None:
        await asyncio.sleep(seconds)

    return act


@on_fake_time
async def test_a_run_waits_for_room_and_keeps_no_slot_from_others() -> None:
    engine = Engine(concurrency=2)
    engine.start("first", 80, act=takes(10))
    engine.start("second", 30, act=passes)
    engine.start("third", 0, act=takes(1))
    await asyncio.sleep(5)
    early = engine.seen()
    await asyncio.sleep(10)

    assert early == [("third", 1, Status.PASSED)]
    assert engine.seen() == [*early, ("first", 1, Status.PASSED), ("second", 1, Status.PASSED)]


@on_fake_time
async def test_a_tick_that_gets_no_room_until_the_next_one_is_missed_with_the_arithmetic() -> None:
    engine = Engine()

    async def sends(_run: Run) -> None:
        engine.spend(50)

    engine.spend(40)
    engine.start("hog", 50, act=sends)
    for tick in (1, 2, 3):
        engine.start("waiting", 30, act=passes, tick=tick)
        await asyncio.sleep(29)

    assert engine.seen() == [
        ("hog", 1, Status.PASSED),
        ("waiting", 1, Status.MISSED),
        ("waiting", 2, Status.MISSED),
        ("waiting", 3, Status.PASSED),
    ]
    assert engine.outcomes[1].reason is Reason.NOT_STARTED
    assert engine.outcomes[1].message == (
        "not started: request budget spent: 90 document creates as 'guest' within 1m, 30 more needed, at most 100"
        " (hog 50): run such checks less often"
    )


async def fails(_run: Run) -> None:
    raise CheckFailed(Reason.NOT_FOUND, "collection 'bookings' answered 404")


async def crashes(_run: Run) -> None:
    raise ZeroDivisionError


@on_fake_time
@pytest.mark.parametrize("act", [passes, fails, crashes, forever])
async def test_room_is_given_back_whatever_the_end_of_the_run(act: Act) -> None:
    engine = Engine()

    engine.start("first", 100, act=act)
    engine.start("second", 100, act=passes)
    await asyncio.sleep(29)

    assert [check for check, _, _ in engine.seen()] == ["first", "second"]


@on_fake_time
async def test_room_is_held_while_a_run_cleans_up() -> None:
    engine = Engine()

    async def leaves(run: Run) -> None:
        run.clean_up(asyncio.sleep, 3)

    engine.start("first", 100, act=leaves)
    engine.start("second", 100, act=passes)
    await asyncio.sleep(2)
    meanwhile = engine.seen()
    await asyncio.sleep(2)

    assert meanwhile == [("first", 1, Status.PASSED)]
    assert engine.seen() == [*meanwhile, ("second", 1, Status.PASSED)]


@on_fake_time
async def test_stopping_waits_for_nobody_who_waits_for_room() -> None:
    engine = Engine()
    engine.spend(100)
    engine.start("waiting", 1, act=passes)
    asked = asyncio.create_task(engine.runner.run_now(Costly(name="asked", act=passes, creates=1)))
    await asyncio.sleep(1)
    started = asyncio.get_running_loop().time()

    await engine.runner.stop(patience_seconds=5.0)

    assert await asked is None
    assert asyncio.get_running_loop().time() - started < 0.1
    assert engine.outcomes == []


class Names(Check):
    """
    A check that names identities in every form.
    """

    one: IdentityName | None = None
    some: tuple[IdentityName, ...] = ()
    table: dict[IdentityName, str] = {}  # noqa: RUF012 - a field of a model
    collection: str = ""


@pytest.mark.parametrize(
    ("fields", "sign_ins"),
    [
        pytest.param({}, 0, id="none"),
        pytest.param({"one": "walk-in"}, 1, id="alone"),
        pytest.param({"some": ("walk-in", "guest", "passer-by")}, 2, id="in-a-list"),
        pytest.param({"table": {"walk-in": "x", "guest": "passer-by"}}, 1, id="as-a-key"),
        pytest.param({"one": "walk-in", "some": ("walk-in",)}, 1, id="twice"),
        pytest.param({"collection": "walk-in"}, 0, id="something-else-of-that-name"),
    ],
)
async def test_a_run_signs_in_as_every_anonymous_identity_that_its_check_names(
    fields: dict[str, object], sign_ins: int
) -> None:
    identities: dict[str, Identity] = {"guest": Guest(), "walk-in": Anonymous(), "passer-by": Anonymous()}

    demand = demand_of(Names.model_validate({"name": "names", **fields}), identities, has_key=True)

    assert demand.get(Bucket(what=Limited.ANONYMOUS_SIGN_INS), 0) == sign_ins


class SignsOut(Names):
    """
    A check that ends sessions itself, and says so.
    """

    def costs(self) -> tuple[Cost, ...]:
        return (Cost(what=Limited.SIGN_OUTS),)


@pytest.mark.parametrize(
    ("kind", "fields", "has_key", "sign_outs"),
    [
        pytest.param(Names, {"one": "member"}, True, 0, id="the-key-ends-sessions"),
        pytest.param(Names, {"one": "member"}, False, 1, id="nobody-else-can"),
        pytest.param(Names, {"some": ("member", "guest", "owner")}, False, 2, id="of-each"),
        pytest.param(Names, {"one": "guest"}, False, 0, id="no-session"),
        pytest.param(SignsOut, {"one": "member"}, True, 1, id="by-a-kind-that-signs-out"),
        pytest.param(SignsOut, {"one": "member"}, False, 1, id="once-all-the-same"),
    ],
)
async def test_without_the_key_a_run_signs_out_every_password_identity_that_its_check_names(
    kind: type[Names], fields: dict[str, object], has_key: bool, sign_outs: int
) -> None:
    people = {name: Password(email="a@example.com", password=SecretStr("pw")) for name in ("member", "owner")}
    identities: dict[str, Identity] = {"guest": Guest(), **people}

    demand = demand_of(kind.model_validate({"name": "names", **fields}), identities, has_key=has_key)

    assert demand.get(Bucket(what=Limited.SIGN_OUTS), 0) == sign_outs


class WritesAsCustomer(Check):
    """
    Creates documents as the customer, without looking whether it could.
    """

    count: int = 10

    def costs(self) -> tuple[Cost, ...]:
        return (Cost(what=Limited.CREATES, count=self.count, identity="customer"),)

    async def run(self, run: Run) -> None:
        key, customer = await sign_in(run, "key"), await sign_in(run, "customer", fresh=False)
        for _ in range(self.count):
            document_id = run.new_id()
            run.clean_up(key.delete_document, "chat_messages", document_id)
            data = {"sessionId": "s", "senderId": "c", "text": "hello"}
            await customer.create_document("chat_messages", document_id, data)


class StandingClock(SystemClock):
    """
    A clock that stands still and is set forward, so that no window begins by itself.
    """

    seconds = 600.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(1_800_000_000 + self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds


def runner_on(sandbox: Sandbox, transport: AiohttpTransport, budget: Budget | None) -> Runner:
    here = Surroundings(
        target=Target.model_validate(
            {
                "name": "sandbox",
                "endpoint": sandbox.endpoint,
                "project": sandbox.project,
                "database": sandbox.database,
                "api_key": sandbox.api_key,
            }
        ),
        location="here",
        identities={"customer": User(user_id=sandbox.customer.id)},
        transport=transport,
        clock=SystemClock(),
        budget=budget or UNLIMITED,
    )
    return Runner(here, stalls=NoStalls(), on_outcome=lambda _check, _outcome: None)


@pytest.mark.slow
@pytest.mark.parametrize("budgeted", [pytest.param(True, id="budget"), pytest.param(False, id="no-budget")])
async def test_a_burst_beyond_the_limit_meets_429_only_without_the_budget(budgeted: bool) -> None:
    clock = StandingClock()
    budget = Budget(clock) if budgeted else None
    transport = AiohttpTransport(user_agent="monitor/test", budget=budget)
    checks = [WritesAsCustomer(name=f"writes-{number}", timeout="20s") for number in range(15)]

    async with Sandbox(rate_limits=True, clock=clock) as sandbox:
        runner = runner_on(sandbox, transport, budget)
        runs = [asyncio.create_task(runner.run_now(check)) for check in checks[:14]]
        first = asyncio.as_completed(runs)
        for _ in range(10 if budgeted else 14):
            await next(first)
        in_first_minute = [run for run in runs if run.done()]
        clock.seconds += 60.0
        # Whoever comes next finds the window empty, and lets those in first who came before.
        runs.append(asyncio.create_task(runner.run_now(checks[14])))
        outcomes = [await run for run in runs]
    await transport.close()

    reasons = {outcome.reason for outcome in outcomes if outcome}
    assert len(in_first_minute) == (10 if budgeted else 14)
    assert reasons == ({None} if budgeted else {None, Reason.RATE_LIMITED})
