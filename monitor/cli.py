"""
The command line. Heavy imports stand in the commands that need them: the first output must come within half a second.
"""

import contextlib
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from monitor import CONFIG_VARIABLE, __version__
from monitor.core.errors import ConfigError, unknown

if TYPE_CHECKING:
    from monitor.config import Settings
    from monitor.registry import Registry

F = TypeVar("F", bound=Callable[..., Any])

_INTERRUPTED = 130
_USAGE = 2


def main() -> NoReturn:
    """
    Run the command line and exit: 2 for a user's mistake, 130 after Ctrl-C, never a traceback for either.
    """
    _open_missing_streams()
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = _USAGE
    except ConfigError as error:
        click.echo(str(error), err=True)
        code = _USAGE
    except (click.Abort, KeyboardInterrupt):
        code = _INTERRUPTED
    except OSError as error:
        code = _tell_unwritable(error)
    _leave(code if isinstance(code, int) else 0)


def _open_missing_streams() -> None:
    """
    Give the program the three streams it was started without, as services may be, and let no text fail to be written.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number free, which is this one
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8")  # noqa: SIM115 - for the life of the process
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8")  # noqa: SIM115 - for the life of the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _tell_unwritable(error: OSError) -> int:
    # Whoever reads our output has gone, as `| head` does, which needs no word; or the disk is full.
    if not isinstance(error, BrokenPipeError):
        with contextlib.suppress(OSError):
            click.echo(f"cannot write: {error.strerror or error}", err=True)
    return 1


def _leave(code: int) -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    # A thread that hangs in a foreign check cannot be stopped, and Python would wait for it; nor can a stream that
    # refused its text be flushed once more.
    os._exit(code)


def _config_option(command: F) -> F:
    return click.option(
        "-c",
        "--config",
        "path",
        type=click.Path(path_type=Path),
        default=Path("monitor.yaml"),
        envvar=CONFIG_VARIABLE,
        show_default=True,
        show_envvar=True,
        help="The configuration file.",
    )(command)


def _output_option(command: F) -> F:
    return click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)(command)


def _bundle_option(command: F) -> F:
    return click.option(
        "--bundle",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Write the evidence to this page (.html), and beside it as .json: both without secrets.",
    )(command)


def _limit_option(default: int, what: str) -> Callable[[F], F]:
    return click.option("--limit", type=click.IntRange(1, 100_000), default=default, show_default=True, help=what)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="monitor")
def cli() -> None:
    """
    Watch a platform on Appwrite: say that the path from booking to chat is broken, why, and what to do.
    """


@cli.command(epilog="Example:  monitor run -c monitor.yaml")
@_config_option
def run(path: Path) -> int:
    """
    Run the daemon: every check on its interval, until SIGTERM.
    """
    from monitor.app import configure_logs_of, run_loop
    from monitor.daemon import Daemon

    settings, _ = _load(path)
    configure_logs_of(settings)

    async def serve() -> int:
        daemon = Daemon(settings, path=path, load=lambda: _load(path)[0])
        daemon.heed_signals()
        return await daemon.run()

    return run_loop(serve())


@cli.command(epilog="Example:  monitor once chat-delivery realtime-connect -c monitor.yaml --output json")
@_config_option
@click.argument("names", metavar="[CHECK]...", nargs=-1)
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only checks of this kind; may be repeated.")
@click.option("--as", "identity", metavar="IDENTITY", help="Run as this identity the checks that have one.")
@click.option("--output", type=click.Choice(["text", "json", "junit"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Exit with 1 when a check is degraded, too.")
@_bundle_option
def once(  # noqa: PLR0913 - one for each option
    path: Path,
    *,
    names: tuple[str, ...],
    kinds: tuple[str, ...],
    identity: str | None,
    output: str,
    strict: bool,
    bundle: Path | None,
) -> int:
    """
    Run the named checks (or all) once, now, and tell what each found, and what it comes to: the cause and what to do.

    When several causes are possible, the checks that tell them apart are run as well. Exits with 0 when all passed, 1
    when one failed, 2 on a usage or configuration error, 3 when the monitor itself erred.
    """
    from monitor.once import choose, run_and_tell

    settings, _ = _load(path)
    checks = choose(settings, names=names, kinds=kinds, identity=identity)
    return run_and_tell(settings, checks, output=output, strict=strict, bundle=bundle)


@cli.command(epilog="Example:  monitor once -c monitor.yaml --output json > now.json; monitor diagnose --from now.json")
@click.option(
    "--from",
    "paths",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    metavar="FILE",
    help="What `once` or `history` wrote with --output json, or the JSON of a bundle; may be repeated.",
)
@click.option(
    "-c",
    "--config",
    "path",
    type=click.Path(path_type=Path),
    help="The configuration: then what to do names this target, and intervals and severities are known.",
)
@_output_option
@_bundle_option
def diagnose(paths: tuple[Path, ...], path: Path | None, output: str, bundle: Path | None) -> int:
    """
    Explain saved outcomes again: the cause, the evidence for and against it, what to do.

    Of a stretch of history, also what would have opened, changed and resolved, and when. Asks nobody anything. Exits
    with 0 when nothing is wrong in the end, 1 when something is, 2 when that cannot be told.
    """
    from monitor.diagnose_command import diagnose_saved

    settings = _load(path)[0] if path is not None else None
    return diagnose_saved(paths, settings, output=output, bundle=bundle)


@cli.command(epilog="Example:  monitor checks realtime_delivery")
@click.argument("kind", required=False)
def checks(kind: str | None) -> None:
    """
    List the kinds of checks, or print the manual of one.
    """
    from monitor.manual import manual_of, settings_of
    from monitor.registry import load_registry

    registry = load_registry()
    if kind is None:
        for name in sorted(registry.kinds):
            click.echo(f"{name:<20} {manual_of(registry.kinds[name]).summary}")
        for problem in registry.problems.values():
            click.echo(problem, err=True)
        return
    if kind not in registry.kinds:
        raise ConfigError(registry.problems.get(kind) or unknown("kind", kind, registry.kinds))
    click.echo(manual_of(registry.kinds[kind]).text)
    click.echo(f"\nSettings:\n\n{settings_of(registry.kinds[kind])}")


@cli.group()
def config() -> None:
    """
    Check and describe the configuration.
    """


@config.command(epilog="Example:  monitor config validate -c monitor.yaml")
@_config_option
def validate(path: Path) -> None:
    """
    Tell every mistake in the configuration, each with its place and remedy.
    """
    from monitor.report import counted

    settings, registry = _load(path)
    for problem in registry.problems.values():
        click.echo(f"warning: {problem}", err=True)
    click.echo(f"{path}: valid, {counted(len(settings.checks), 'check')} of target {settings.target.name}")


@config.command(epilog="Example:  monitor config schema > monitor.schema.json")
def schema() -> None:
    """
    Print the JSON Schema of the configuration, for editors.
    """
    from monitor.config.schema import json_schema
    from monitor.registry import load_registry

    click.echo(json.dumps(json_schema(load_registry()), indent=2))


@cli.group()
def manifest() -> None:
    """
    Write what the collections of the platform must be, and compare them with it.
    """


@manifest.command(epilog="Example:  monitor manifest pull -c monitor.yaml")
@_config_option
@click.argument("collections", metavar="[COLLECTION]...", nargs=-1)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write this file, not the configured."
)
@click.option("--prune", is_flag=True, help="Drop what is declared and gone; otherwise nothing is written then.")
def pull(path: Path, collections: tuple[str, ...], output: Path | None, prune: bool) -> int:
    """
    Write the live collections (or the named ones) as the manifest.

    Attributes, indexes and permissions are those of the live project; writers, readers and access, which are declared
    by hand, stay as they are.
    """
    from monitor import manifest_command

    settings, _ = _load(path, without_manifest=True)
    return manifest_command.exit_code_of(
        lambda: manifest_command.pull(settings, config=path, output=output, chosen=collections, prune=prune)
    )


@manifest.command(epilog="Example:  monitor manifest diff -c monitor.yaml --strict")
@_config_option
@click.argument("collections", metavar="[COLLECTION]...", nargs=-1)
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Exit with 1 for an additive difference, too.")
def diff(path: Path, collections: tuple[str, ...], output: str, strict: bool) -> int:
    """
    Tell every difference of the live collections (or the named ones) from the manifest.

    Exits with 0 when none breaks anything, 1 when one does or the target cannot be asked, 2 on a usage or configuration
    error, 3 when the monitor itself erred.
    """
    from monitor import manifest_command

    settings, _ = _load(path)
    return manifest_command.exit_code_of(
        lambda: manifest_command.diff(settings, output=output, strict=strict, chosen=collections)
    )


@cli.command(epilog="Example:  monitor incidents -c monitor.yaml --all --limit 5")
@_config_option
@click.option("--all", "resolved", is_flag=True, help="Also those that are over, the newest first.")
@_limit_option(20, "At most so many; the open ones come first.")
@_output_option
def incidents(path: Path, resolved: bool, limit: int, output: str) -> int:
    """
    Tell what is wrong now, from the store: whether the daemon runs or not.

    For every incident: since when, which checks found it, what to do, whether it is silenced, which sinks have been
    told, and what still waits for which. Exits with 0 when none is open, 1 when one is, 2 when that cannot be told.
    """
    from monitor.incidents_command import show_incidents

    settings, _ = _load(path)
    return show_incidents(settings, resolved=resolved, most=limit, output=output)


@cli.command(epilog="Example:  monitor history chat-delivery -c monitor.yaml --since 2h --failed")
@_config_option
@click.argument("check")
@_limit_option(50, "The last so many.")
@click.option("--since", metavar="TIME", help="Only of this time until now, such as 2h.")
@click.option("--failed", is_flag=True, help="Only runs that failed; the counts at the end are of all.")
@_output_option
def history(path: Path, check: str, limit: int, since: str | None, failed: bool, output: str) -> int:
    """
    Tell the runs of one check from the store, the newest last, and what they amount to.

    One line is: begin (UTC), status and reason, duration, the step that failed, message.
    """
    from monitor.history_command import show_history

    settings, _ = _load(path)
    since_seconds = _duration(since, "--since")
    return show_history(settings, check, most=limit, since_seconds=since_seconds, failed=failed, output=output)


@cli.command(epilog="Example:  monitor silence 'chat-*' -c monitor.yaml --for 2h --reason 'new permissions'")
@_config_option
@click.argument("checks", metavar="[CHECK]...", nargs=-1)
@click.option("--for", "for_", metavar="TIME", help="For how long, such as 2h; at most 7d.")
@click.option("--reason", metavar="TEXT", default="", help="Why, for those who find it silent.")
@click.option("--list", "lists", is_flag=True, help="Tell what is silent now.")
@click.option("--lift", metavar="ID", help="End this silence, or all that were given for exactly this name.")
def silence(
    path: Path, *, checks: tuple[str, ...], for_: str | None, reason: str, lists: bool, lift: str | None
) -> int:
    """
    Let what is found wrong page nobody for a while: measured and shown, not told.

    CHECK is a name, or a pattern such as chat-* or '*'. A daemon heeds it within seconds, and after a restart too.
    """
    from monitor import silence_command

    given = bool(checks or for_ or reason)
    if lists + (lift is not None) + given > 1:
        raise click.UsageError("--list and --lift stand alone: give them without checks, --for and --reason")
    settings, _ = _load(path)
    if lists:
        return silence_command.list_silences(settings)
    if lift is not None:
        return silence_command.lift_silences(settings, lift)
    return silence_command.give_silence(settings, checks, for_seconds=_duration(for_, "--for"), reason=reason)


@cli.command(epilog="Example:  monitor page -c monitor.yaml --test --sink pagerduty --hold 1m")
@_config_option
@click.option("--test", is_flag=True, help="Send a test page; real ones are sent by the daemon alone.")
@click.option("--sink", "sinks", multiple=True, metavar="NAME", help="Only through this sink; may be repeated.")
@click.option("--hold", metavar="TIME", default="10s", show_default=True, help="Resolve it after this time.")
def page(path: Path, test: bool, sinks: tuple[str, ...], hold: str) -> int:
    """
    Send a test page through every configured sink, say what each answered, and resolve it again.

    Exits with 0 when every sink took it and its end, and shows it where it can be asked; 1 otherwise.
    """
    from monitor.page_command import send_test_page

    if not test:
        raise click.UsageError("only a test page can be sent by hand: add --test")
    settings, _ = _load(path)
    return send_test_page(settings, chosen=sinks, hold_seconds=_duration(hold, "--hold") or 0.0)


@cli.command(epilog="Example:  monitor sweep -c monitor.yaml --dry-run")
@_config_option
@click.option("--dry-run", is_flag=True, help="Only tell what is there.")
def sweep(path: Path, dry_run: bool) -> int:
    """
    Remove what runs of this monitor have left in the target, and only that.

    A daemon does so by itself: at its start, and whenever something could not be removed. Exits with 1 when something
    stays.
    """
    from monitor import sweep_command

    settings, _ = _load(path)
    return sweep_command.sweep(settings, dry=dry_run)


@cli.command(epilog="Example:  monitor demo --incident chat-outage")
@click.option("--duration", metavar="TIME", help="End by itself after this time, such as 20s.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port of the web server; MONITOR_WEB__LISTEN says the address too.  [default: 9464]",
)
@click.option("--incident", metavar="NAME", help="Replay this incident, act by act, and end.")
@click.option("--incidents", "lists", is_flag=True, help="List the incidents and end.")
def demo(*, duration: str | None, port: int | None, incident: str | None, lists: bool) -> int:
    """
    Watch the embedded booking platform: no account, no server, no configuration.

    With --incident it is broken as it once was: told are what people did, after how long that was detected, what was
    diagnosed, what to do, and when all was right again. Exits with 1 when something was not diagnosed as it must be.
    """
    from monitor.app import run_loop
    from monitor.sandbox.incidents.catalogue import incident_named, list_incidents

    if lists:
        click.echo(list_incidents())
        return 0
    if incident is not None:
        from monitor.replay.playing import run_replay

        if duration is not None:
            raise click.UsageError("--duration and --incident exclude each other: an incident ends by itself")
        return run_loop(run_replay(incident_named(incident), port=port))
    from monitor.demo import run_demo

    return run_loop(run_demo(duration_seconds=_duration(duration, "--duration"), port=port))


@cli.command(epilog="Example:  monitor sandbox --port 8080 --fault realtime_silent")
@click.option("--port", type=click.IntRange(0, 65535), default=8480, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve on; strangers may reach others.")
@click.option("--profile", type=click.Choice(["1.8", "1.9"]), default="1.9", show_default=True, help="Version to be.")
@click.option("--empty", is_flag=True, help="Start without collections.")
@click.option("--rate-limits", is_flag=True, help="Refuse what exceeds Appwrite's rate limits.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON when ready.")
@click.option(
    "--fault",
    "phrases",
    multiple=True,
    metavar="NAME[:param=value,…]",
    help="Switch this fault on; may be repeated. NAME@LABEL is the same fault once more.",
)
@click.option("--faults", "lists", is_flag=True, help="List the faults with their parameters and end.")
@click.option("--at", metavar="URL", help="Start nothing: switch the faults of the sandbox that runs at this address.")
@click.option("--token", envvar="SANDBOX_FAULT_TOKEN", show_envvar=True, default="", help="Its fault token, for --at.")
@click.option("--off", multiple=True, metavar="NAME", help="Switch this fault off, with --at; may be repeated.")
def sandbox(
    *,
    phrases: tuple[str, ...],
    as_json: bool,
    lists: bool,
    at: str | None,
    token: str,
    off: tuple[str, ...],
    **wishes: Any,
) -> int:
    """
    Run the Appwrite stand-in alone, on loopback; or switch the faults of one that runs (--at).
    """
    from monitor.app import run_loop
    from monitor.sandbox.command import Wishes, read_faults, run_sandbox, switch_faults
    from monitor.sandbox.faults.listing import list_faults

    if lists:
        click.echo(list_faults())
        return 0
    faults = read_faults(phrases)
    if at is not None:
        return run_loop(switch_faults(at, token, on=faults, off=off))
    if off:
        raise ConfigError("--off: a sandbox starts without faults: name the one that runs with --at")
    return run_loop(run_sandbox(Wishes(faults=faults, **wishes), as_json=as_json))


def _load(path: Path, *, without_manifest: bool = False) -> "tuple[Settings, Registry]":
    from monitor.config import load_settings
    from monitor.registry import load_registry

    registry = load_registry()
    return load_settings(path, registry, without_manifest=without_manifest), registry


def _duration(text: str | None, option: str) -> float | None:
    from monitor.core.duration import parse_duration

    try:
        return None if text is None else parse_duration(text)
    except ValueError as error:
        raise ConfigError(f"{option}: {error}, got {text!r}") from None
