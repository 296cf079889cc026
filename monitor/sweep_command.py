"""
``monitor sweep``: removes what runs of this monitor have left in the target, and only that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import click

from monitor.app import leftovers_of, run_loop, store_of, surroundings_of
from monitor.config import Settings
from monitor.core.clock import SystemClock
from monitor.core.errors import ConfigError
from monitor.core.leftover import Look
from monitor.core.redaction import Redactor, secrets_in
from monitor.journal import Elsewhere
from monitor.leftovers import Swept
from monitor.logs import configure_logs
from monitor.report import counted

# For one batch of sixty, over a slow line.
_DEADLINE_SECONDS = 30.0
# What may be in a collection that is gone comes back with it.
_STAYING = frozenset({Look.STAYS, Look.AWAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sweep:
    """
    What one sweep found, and what is wrong with the store that told it what to look for.
    """

    swept: Sequence[Swept]
    elsewhere: Sequence[Elsewhere]
    trouble: str


def sweep(settings: Settings, *, dry: bool) -> int:
    """
    Remove what is left (only tell it, if *dry*), say what became of each, and return the exit code: 1 when some stays.

    Raises ``ConfigError`` without a server key, which alone may remove.
    """
    if settings.target.api_key is None:
        raise ConfigError("target.api_key: only the server key can remove what is left: set it, or target.api_key_file")
    redact = Redactor(secrets_in(settings))
    configure_logs(level="error", redact=redact)
    path = settings.store_path
    if path is not None and not path.exists():
        click.echo(f"nothing is known of earlier runs: there is no store at {path}: see store.path", err=True)
        return 0
    seen = run_loop(_sweep(settings, dry=dry))
    for each in seen.swept:
        if line := _line(each, dry=dry):
            click.echo(redact(line))
    found = sum(each.removal.documents for each in seen.swept)
    stay = sum(each.removal.look in _STAYING for each in seen.swept)
    staying = f", {stay} {'stays' if stay == 1 else 'stay'}" if stay else ""
    click.echo(f"{counted(found, 'leftover')} {'to remove' if dry else 'removed'}{staying}")
    for remark in _remarks(settings, seen):
        click.echo(redact(remark))
    if seen.trouble:
        click.echo(redact(f"nothing is known of earlier runs: {seen.trouble}"), err=True)
    return 1 if stay or seen.trouble else 0


async def _sweep(settings: Settings, *, dry: bool) -> _Sweep:
    clock = SystemClock()
    async with (
        store_of(settings) as store,
        leftovers_of(settings, clock, store) as leftovers,
        surroundings_of(settings, clock, leftovers) as surroundings,
    ):
        # By hand there is time to wait for a store that others use.
        await leftovers.adopt(settings.target, patience_seconds=_DEADLINE_SECONDS)
        swept = await leftovers.sweep(surroundings, within_seconds=_DEADLINE_SECONDS, dry=dry)
        elsewhere = await leftovers.elsewhere(settings.target)
        return _Sweep(swept=swept, elsewhere=elsewhere, trouble=leftovers.trouble)


def _line(swept: Swept, *, dry: bool) -> str:
    """
    Return what became of one thing; empty when nothing was there.
    """
    check = f"check {swept.intention.check}, " if swept.intention.check else ""
    what = f"{swept.intention.leftover} ({check}run {swept.intention.run_id})"
    if swept.removal.look in _STAYING:
        return f"stays    {what}: {swept.removal.error}"
    if swept.removal.documents:
        return f"{'is there' if dry else 'removed '} {what}"
    return ""


def _remarks(settings: Settings, seen: _Sweep) -> list[str]:
    remarks: list[str] = []
    awaited = sum(each.removal.look is Look.ABSENT for each in seen.swept if not each.removal.documents)
    if awaited:
        text = f"{awaited} not found, which a request that was on its way may yet make"
        remarks.append(f"{text}: the daemon looks again by itself; without one, sweep again in half an hour")
    remarks += [
        f"{counted(each.count, 'intention')} of project {each.project} at {each.endpoint} not looked for:"
        " sweep with its configuration"
        for each in seen.elsewhere
    ]
    if settings.store_path is None:
        remarks.append("the store is in memory, so only its own process knows what it left: give store.path a file")
    return remarks
