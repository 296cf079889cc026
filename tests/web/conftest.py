"""
A real Chromium for the pages.
"""

from tests.site.conftest import chromium

__all__ = ["chromium"]
