"""
The seeded collections, as the manifest of the demo declares them.
"""

import pytest

from monitor import demo
from monitor.config.load import load_manifest
from tests.conftest import Platform
from tests.manifests import declared_live

pytestmark = pytest.mark.asyncio

# What only a manifest says: who uses a collection.
USES = {"writers", "readers", "access"}


async def test_the_manifest_says_of_every_collection_exactly_what_is_seeded(platform: Platform) -> None:
    manifest = load_manifest(demo.CONFIG.with_name("demo.manifest.yaml"))

    live = await declared_live(platform)

    assert manifest.database == live.database
    assert {id_: each.model_dump(exclude=USES) for id_, each in manifest.collections.items()} == {
        id_: each.model_dump(exclude=USES) for id_, each in live.collections.items()
    }
