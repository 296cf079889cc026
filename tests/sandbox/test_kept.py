"""
Lists that are kept, and transactions: neither for ever, and never too many.
"""

import pytest

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.state import kept, transactions
from monitor.sandbox.state.kept import KeptLists
from monitor.sandbox.state.transactions import Transactions
from tests.clock import FakeClock

pytestmark = pytest.mark.asyncio


async def test_keeps_a_list_as_long_as_whoever_asks_allows() -> None:
    clock = FakeClock()
    lists = KeptLists(clock)
    lists.keep("key", {"total": 1})
    clock.jump(30)

    assert lists.find("key", ttl_seconds=60) == {"total": 1}
    assert lists.find("key", ttl_seconds=20) is None
    assert lists.find("other", ttl_seconds=60) is None


async def test_forgets_the_oldest_list_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MAX_KEPT", 2)
    lists = KeptLists(FakeClock())

    for key in ("a", "b", "a", "c"):
        lists.keep(key, key)

    assert [lists.find(key, ttl_seconds=60) for key in "abc"] == ["a", None, "c"]


async def test_forgets_the_oldest_transaction_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "MAX_TRANSACTIONS", 1)
    all_of_them = Transactions(FakeClock())
    first, second = (all_of_them.begin(owner=None, ttl_seconds=60) for _ in range(2))

    assert all_of_them.find(second.id, owner=None, to_key=True) is second
    with pytest.raises(AppwriteError, match="could not be found"):
        all_of_them.find(first.id, owner=None, to_key=True)
