"""
The store: what must survive the process, in one SQLite file that several processes share.
"""

from monitor.store.errors import StoreError
from monitor.store.schema import MIGRATIONS, RUN_ID, Migration
from monitor.store.store import Store, Work

__all__ = ["MIGRATIONS", "RUN_ID", "Migration", "Store", "StoreError", "Work"]
