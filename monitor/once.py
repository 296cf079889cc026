"""
``monitor once``: chooses checks, runs them, and tells what each found while it finds it.
"""

import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.config import Settings
from monitor.core.check import Check
from monitor.core.errors import ConfigError, unknown
from monitor.core.outcome import Outcome, Status, Step
from monitor.core.redaction import Redactor, secrets_in
from monitor.core.severity import Severity
from monitor.diagnosis.diagnosis import Diagnosis
from monitor.diagnosis.text import as_lines
from monitor.report import as_json, as_junit, as_text, counted, exit_code, summary

_IDENTITY = "identity"


def choose(settings: Settings, *, names: Sequence[str], kinds: Sequence[str], identity: str | None) -> list[Check]:
    """
    Return the checks called *names* (all, if none) of *kinds* (any, if none), acting as *identity* where they can.

    Raises ``ConfigError`` for a name, kind or identity that is not there.
    """
    problems = [unknown("check", name, settings.checks) for name in names if name not in settings.checks]
    configured = {check.kind() for check in settings.checks.values()}
    problems += [unknown("kind", kind, configured) for kind in kinds if kind not in configured]
    if identity is not None and identity not in settings.identities:
        problems.append(unknown("identity", identity, settings.identities))
    if problems:
        raise ConfigError(*problems)
    chosen = [settings.checks[name] for name in dict.fromkeys(names)] or list(settings.checks.values())
    chosen = [check for check in chosen if not kinds or check.kind() in kinds]
    if not chosen:
        raise ConfigError("no check has both the names and the kinds asked for: leave one of them out")
    return chosen if identity is None else _acting_as(identity, chosen, named=bool(names))


def run_and_tell(
    settings: Settings, checks: Sequence[Check], *, output: str, strict: bool, bundle: Path | None = None
) -> int:
    """
    Run *checks*, print what they found as *output* (``text``, ``json``, ``junit``) and what it comes to, and return the
    exit code.

    Checks that tell causes apart are run beside them when that is needed. *bundle* is a file to write the evidence to.
    """
    redact = Redactor(secrets_in(settings))
    progress = _Progress(redact, len(checks), live=output == "text")
    # Before the import of what talks to networks: a person sees at once that something happens.
    progress.begin(
        f"{settings.target.name} at {settings.target.endpoint}: running {counted(len(checks), 'check')} once"
    )
    import asyncio  # noqa: PLC0415

    from monitor.app import run_loop, run_once  # noqa: PLC0415
    from monitor.diagnosing import sightings_of, worth_running  # noqa: PLC0415
    from monitor.diagnosis.diagnose import explain  # noqa: PLC0415
    from monitor.diagnosis.place import Place  # noqa: PLC0415
    from monitor.logs import configure_logs  # noqa: PLC0415

    # What could not be removed must be seen by whoever asked for the run.
    configure_logs(level="warning", format="auto", redact=redact)
    try:
        outcomes, asked = run_loop(
            run_once(
                settings,
                checks,
                on_outcome=progress.finished,
                on_step=progress.step_ended,
                on_wait=progress.waits,
                then=lambda seen: progress.asks(worth_running(seen, settings.checks.values())),
            )
        )
    except asyncio.CancelledError:
        return 128 + signal.SIGTERM
    code = exit_code(outcomes, strict=strict)
    progress.end()
    diagnoses = explain(sightings_of([*outcomes, *asked], redact), Place.of(settings.target))
    if output == "json":
        about = settings.target.about()
        click.echo(as_json(outcomes, code=code, redact=redact, asked=asked, diagnoses=diagnoses, target=about))
    elif output == "junit":
        click.echo(as_junit(outcomes, redact=redact, diagnoses=diagnoses))
    else:
        click.echo(f"\n{summary(outcomes)}")
        for diagnosis in diagnoses:
            _tell(diagnosis, redact)
    if bundle is not None:
        _write(bundle, settings, [*outcomes, *asked], diagnoses)
    return code


def _write(path: Path, settings: Settings, outcomes: Sequence[Outcome], diagnoses: Sequence[Diagnosis]) -> None:
    from monitor.bundle.evidence import Evidence, documents_of, write_bundle  # noqa: PLC0415 - who asks for it, waits

    redact = Redactor(secrets_in(settings))
    evidence = Evidence(
        made_at=datetime.now(UTC),
        target=settings.target.about(),
        configuration=settings.fingerprint,
        outcomes=documents_of(outcomes, redact),
        diagnoses=diagnoses,
        pictures=[(outcome.check, each) for outcome in outcomes for each in outcome.attachments],
    )
    for each in write_bundle(path, evidence, redact=redact):
        click.echo(f"evidence written to {each}", err=True)


def _tell(diagnosis: Diagnosis, redact: Redactor) -> None:
    first, *others = (redact(line) for line in as_lines(diagnosis))
    click.secho(f"\n{first}", fg=_URGENCY[diagnosis.most])
    click.echo("\n".join(others))


class _Progress:
    """
    Says what goes on: on a terminal the step under way, everywhere the verdict of each run as it ends.

    With *live* off (JSON, JUnit) stdout is left to the document.
    """

    def __init__(self, redact: Redactor, count: int, *, live: bool) -> None:
        self._redact = redact
        self._left = count
        self._live = live
        self._terminal = sys.stdout.isatty() and live

    def begin(self, headline: str) -> None:
        if self._live:
            click.echo(headline)

    def step_ended(self, check: Check, step: Step) -> None:
        if self._terminal:
            click.echo(f"\r\x1b[2K  {self._left} running · {check.name}: {step.name} ", nl=False)

    def waits(self, text: str) -> None:
        """
        Say what is waited for, where no document is written to.
        """
        click.echo(self._redact(text), err=True)

    def asks(self, checks: Sequence[Check]) -> Sequence[Check]:
        """
        Say which checks are run as well, and return them.
        """
        if checks:
            names = ", ".join(check.name for check in checks)
            self.waits(f"to tell causes apart: {names}")
        self._left += len(checks)
        return checks

    def finished(self, _check: Check, outcome: Outcome) -> None:
        self._left -= 1
        if self._terminal:
            click.echo("\r\x1b[2K", nl=False)
        if self._live:
            verdict, _, details = self._redact(as_text(outcome)).partition("\n")
            click.secho(verdict, fg=_COLOURS[outcome.status])
            click.echo(details)

    def end(self) -> None:
        if self._terminal:
            click.echo("\r\x1b[2K", nl=False)


_URGENCY = {Severity.PAGE: "red", Severity.TICKET: "yellow", Severity.INFO: "cyan"}
_COLOURS = {
    Status.PASSED: "green",
    Status.DEGRADED: "yellow",
    Status.FAILED: "red",
    Status.ERRORED: "magenta",
    Status.MISSED: "bright_black",
}


def _acting_as(identity: str, checks: Sequence[Check], *, named: bool) -> list[Check]:
    able = [check for check in checks if _IDENTITY in type(check).model_fields]
    unable = [check.name for check in checks if check not in able]
    # Who names a check wants to see it run, and not that it was left out.
    if not able or (named and unable):
        raise ConfigError(f"--as {identity}: no setting {_IDENTITY!r} in {', '.join(unable)}: leave --as out")
    return [check.model_copy(update={_IDENTITY: identity}) for check in able]
