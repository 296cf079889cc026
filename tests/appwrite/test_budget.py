from collections.abc import Callable
from datetime import datetime

import pytest

from monitor.appwrite.budget import Budget
from monitor.core.errors import OwnFault


class HandClock:
    """
    A clock that stands still until it is set.
    """

    seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        raise AssertionError("a budget has no use for the wall clock")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def budget(clock: HandClock) -> Budget:
    return Budget(clock)


@pytest.mark.parametrize(
    ("spend", "limit", "says"),
    [
        pytest.param(
            lambda budget: budget.spend_write("customer", is_delete=False), 100, "writes as 'customer'", id="writes"
        ),
        pytest.param(
            lambda budget: budget.spend_write("customer", is_delete=True), 50, "deletes as 'customer'", id="deletes"
        ),
        pytest.param(lambda budget: budget.spend_connect(), 100, "socket connects", id="connects"),
    ],
)
def test_refuses_what_would_trip_a_limit_until_the_window_has_passed(
    budget: Budget, clock: HandClock, spend: Callable[[Budget], None], limit: int, says: str
) -> None:
    for number in range(limit):
        clock.seconds = number / limit
        spend(budget)

    with pytest.raises(OwnFault, match=f"request budget spent: {limit} .*{says}"):
        spend(budget)
    clock.seconds = 59.99
    with pytest.raises(OwnFault):
        spend(budget)
    clock.seconds = 60.0
    spend(budget)
    with pytest.raises(OwnFault):
        spend(budget)


def test_every_identity_and_every_socket_has_a_window_of_its_own(budget: Budget) -> None:
    for _ in range(100):
        budget.spend_write("customer", is_delete=False)
    first, second = budget.messages(), budget.messages()
    for _ in range(28):
        first.spend()

    budget.spend_write("therapist", is_delete=False)
    budget.spend_write("customer", is_delete=True)
    second.spend()
    with pytest.raises(OwnFault, match="28 messages"):
        first.spend()
