"""
``monitor manifest``: writes what lives as the manifest, and tells what differs from it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from monitor import __version__
from monitor.app import run_loop, surroundings_of
from monitor.appwrite.answers import Collection
from monitor.appwrite.identities import sign_in
from monitor.config import Settings
from monitor.config.load import load_manifest
from monitor.config.manifest_yaml import manifest_yaml, write_file
from monitor.core.clock import SystemClock
from monitor.core.errors import CheckFailed, ConfigError, OwnFault, unknown
from monitor.core.identity import KEY
from monitor.core.manifest import DeclaredCollection, Manifest
from monitor.core.outcome import Impact
from monitor.core.redaction import Redactor, secrets_in
from monitor.core.run import Run
from monitor.logs import configure_logs
from monitor.report import counted
from monitor.schema.declared import declare_available
from monitor.schema.drift import Difference, compare_all, counts
from monitor.schema.inventory import differences_of
from monitor.schema.unfinished import PROCESSING_LIMIT_SECONDS
from monitor.voice import Voice

# For all pages of a large project, over a slow line.
_DEADLINE_SECONDS = 60.0
_FILE = "manifest.yaml"
_BY_HAND = ("writers", "readers", "access")
_MARKS = {Impact.BREAKING: "✗", Impact.ADDITIVE: "~"}


def exit_code_of(command: Callable[[], int]) -> int:
    """
    Return the exit code of *command*: 1 when the target is at fault, 3 when the monitor is, which is told.
    """
    try:
        return command()
    except CheckFailed as error:
        click.echo(error.message, err=True)
        return 1
    except OwnFault as error:
        click.echo(error.message, err=True)
        return 3


def pull(settings: Settings, *, config: Path, output: Path | None, chosen: Sequence[str], prune: bool) -> int:
    """
    Write the live collections (the *chosen* ones, if any are) as the manifest, and say what changed.

    What is declared by hand stays as it is, and so do collections that were not chosen. A declared collection that is
    gone is dropped only with *prune*: otherwise an outage would become the baseline. Raises ``ConfigError`` for that,
    for a collection that is not there, and for a file that cannot be read or written.
    """
    path = output or settings.manifest_path or config.parent / _FILE
    before = load_manifest(path) if path.exists() else None
    live = _inventory(settings)
    _demand_known(chosen, [each.id for each in live], "collection")
    say = Voice(Redactor(secrets_in(settings)))
    known = before.collections if before else {}
    if not (chosen or prune):
        _demand_all_there(known, [each.id for each in live], path)
    fresh = {each.id: _pulled(each, known.get(each.id), say) for each in live if not chosen or each.id in chosen}
    # In the order of the file, so that its history shows what changed and nothing else.
    kept = {name: known[name] for name in known if chosen or name in fresh}
    after = Manifest(database=settings.target.database, collections={**kept, **fresh})
    size = counted(len(after.collections), "collection")
    if after == before:
        say(f"{path}: nothing to write, {size} as before")
        return 0
    write_file(path, manifest_yaml(after))
    say(f"{path}: written, {size}")
    for each in compare_all(before, after.collections) if before else ():
        say(f"  {each.collection}: {each.about}: was {each.declared}, is {each.live}")
    if settings.manifest_path is None and output is None:
        say(f"name it in {config}:  manifest: {path.name}")
    return 0


def diff(settings: Settings, *, output: str, strict: bool, chosen: Sequence[str]) -> int:
    """
    Print how the live collections (the *chosen* ones, if any are) differ from the manifest.

    Returns 1 for a breaking difference, and for any if *strict*.
    """
    manifest = settings.manifest
    if manifest is None:
        raise ConfigError("manifest: none is configured: write one with `monitor manifest pull`, and give its path")
    _demand_known(chosen, manifest.collections, "collection of the manifest")
    found = differences_of(
        _inventory(settings),
        manifest,
        chosen=chosen,
        now=SystemClock().now(),
        processing_limit_seconds=PROCESSING_LIMIT_SECONDS,
    )
    code = 1 if counts(found)[Impact.BREAKING] or (strict and found) else 0
    say = Voice(Redactor(secrets_in(settings)))
    if output == "json":
        say.document({"monitor": __version__, "exit_code": code, "differences": [_fields(each) for each in found]})
    else:
        _tell(found, say)
    return code


def _inventory(settings: Settings) -> tuple[Collection, ...]:
    if settings.target.api_key is None:
        raise ConfigError("target.api_key: is missing: add it, or target.api_key_file, to read collections with")
    configure_logs(level="warning", redact=Redactor(secrets_in(settings)))
    return run_loop(_list_collections(settings))


async def _list_collections(settings: Settings) -> tuple[Collection, ...]:
    async with surroundings_of(settings, SystemClock()) as surroundings:
        run = Run(surroundings, timeout_seconds=_DEADLINE_SECONDS)
        return await (await sign_in(run, KEY)).list_collections()


def _demand_all_there(known: Iterable[str], live: Sequence[str], path: Path) -> None:
    if not live:
        raise ConfigError("there is no collection at all: check target.database, or drop them all with --prune")
    if gone := [name for name in known if name not in live]:
        shown = ", ".join(gone[:3]) + (f" and {len(gone) - 3} more" if len(gone) > 3 else "")
        raise ConfigError(f"{path}: declares {shown}, gone from the target: restore them, or drop them with --prune")


def _demand_known(chosen: Iterable[str], known: Iterable[str], thing: str) -> None:
    known = list(known)
    problems = [unknown(thing, name, known) for name in chosen if name not in known]
    if problems:
        raise ConfigError(*problems)


def _pulled(live: Collection, before: DeclaredCollection | None, say: Voice) -> DeclaredCollection:
    declared, warnings = declare_available(live)
    for warning in warnings:
        say(f"warning: {warning}")
    if before is None:
        return declared
    return declared.model_copy(update={name: getattr(before, name) for name in _BY_HAND})


def _tell(found: Sequence[Difference], say: Voice) -> None:
    for collection in dict.fromkeys(each.collection for each in found):
        say(collection)
        for each in found:
            if each.collection == collection:
                say(f"  {_MARKS[each.impact]} {each}")
    numbers = counts(found)
    say(f"{numbers[Impact.BREAKING]} breaking, {numbers[Impact.ADDITIVE]} additive" if found else "no difference")


def _fields(difference: Difference) -> dict[str, object]:
    return {**asdict(difference), "severity": difference.impact, "breaks": list(difference.breaks)}
