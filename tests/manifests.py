"""
Manifests of what lives in a sandbox, and runs that are held to one.
"""

from typing import Literal, TypeAlias

from monitor.appwrite.identities import sign_in
from monitor.core.check import Check
from monitor.core.identity import KEY
from monitor.core.manifest import Manifest
from monitor.core.outcome import Outcome
from monitor.core.run import Run, Surroundings
from monitor.schema.declared import declare
from tests.conftest import Platform

Api: TypeAlias = Literal["collections", "tables"]


def surroundings_of(platform: Platform, *, api: Api = "collections") -> Surroundings:
    """
    Return what runs against *platform* are given.
    """
    return platform.runner(api=api)._recorder.surroundings


async def declared_live(platform: Platform, *, api: Api = "collections") -> Manifest:
    """
    Return the manifest of all that lives in the sandbox now, as *api* answers it.
    """
    here = surroundings_of(platform, api=api)
    run = Run(here, timeout_seconds=5.0)
    live = await (await sign_in(run, KEY)).list_collections()
    return Manifest(database=here.target.database, collections={each.id: declare(each) for each in live})


async def run_with(platform: Platform, manifest: Manifest, check: Check, *, api: Api = "collections") -> Outcome:
    """
    Run *check* once, with *manifest* as what the collections must be.
    """
    platform.manifest = manifest
    return await platform.run(check, api=api)
