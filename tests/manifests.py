"""
Manifests of what lives in a sandbox, and runs that are held to one.
"""

from dataclasses import replace
from typing import Literal, TypeAlias

from monitor.appwrite.declared import declare
from monitor.appwrite.identities import sign_in
from monitor.core.check import Check
from monitor.core.identity import KEY
from monitor.core.manifest import Manifest
from monitor.core.outcome import Outcome
from monitor.core.run import Run, Surroundings
from tests.conftest import Platform

Api: TypeAlias = Literal["collections", "tables"]


def surroundings_of(platform: Platform, *, api: Api = "collections") -> Surroundings:
    """
    Return what runs against *platform* are given.
    """
    here = platform.runner()._recorder.surroundings
    return replace(here, target=here.target.model_copy(update={"api": api}))


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
    here = surroundings_of(platform, api=api)
    runner = platform.runner()
    runner.move_to(target=here.target, identities=here.identities, manifest=manifest)
    outcome = await runner.run_now(check)
    assert outcome is not None
    return outcome
