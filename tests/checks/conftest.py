"""
Fixtures that the tests of several kinds use.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.checks.platforms import platform_of
from tests.conftest import Platform


@pytest_asyncio.fixture(params=["1.8", "1.9"])
async def versioned(request: pytest.FixtureRequest) -> AsyncIterator[Platform]:
    """
    A platform of each version.
    """
    async with platform_of(profile=request.param) as platform:
        yield platform
