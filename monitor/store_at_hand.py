"""
The store as commands use it that only read or write a few rows: they must say when they cannot.

The daemon goes on without its file. A command that did would say that nothing is wrong, and know nothing.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from monitor.config import Settings
from monitor.core.errors import ConfigError
from monitor.store import Store, StoreError
from monitor.store.files import damaged


def path_of_store(settings: Settings) -> Path:
    """
    Return where the store is; raise ``ConfigError`` for one in memory, which no other process sees.
    """
    if settings.store_path is None:
        raise ConfigError("store.path: a store in memory is seen by its own process only: give it a file")
    return settings.store_path


def nothing_kept(path: Path) -> str:
    """
    Return the sentence for a store that is not there; empty when one is at *path*.
    """
    return "" if path.exists() else f"nothing is known: no daemon has kept anything at {path} yet: see store.path"


@asynccontextmanager
async def store_at_hand(path: Path) -> AsyncIterator[Store]:
    """
    Give the store at *path*, which is made if need be; raise ``ConfigError`` for whatever keeps us from its rows.
    """
    before = _damaged(path)
    store = Store.open(path)
    try:
        _demand_usable(store, path, before)
        yield store
        _demand_usable(store, path, before)
    except StoreError as error:
        raise ConfigError(f"store.path: {error}") from error
    finally:
        await asyncio.to_thread(store.close)


def _demand_usable(store: Store, path: Path, before: set[Path]) -> None:
    if store.trouble:
        raise ConfigError(f"store.path: {store.trouble}")
    # What is empty because it is new must not be taken for all that there was.
    if moved := _damaged(path) - before:
        raise ConfigError(f"store.path: {path} was damaged, and is now {max(moved)}: what it knew, nobody knows")


def _damaged(path: Path) -> set[Path]:
    return set(damaged(path.resolve())) if path.parent.is_dir() else set()
