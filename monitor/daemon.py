"""
The daemon: joins scheduler, runner, metrics and web server, until it is told to stop.
"""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from monitor import __version__
from monitor.alerting.history import History
from monitor.alerting.service import Alerting, Ears, Orders
from monitor.app import (
    OnOutcome,
    configure_logs_of,
    leftovers_of,
    log_news,
    log_outcome,
    store_of,
    surroundings_of,
)
from monitor.config import Settings
from monitor.core.check import Check
from monitor.core.clock import Clock, SystemClock
from monitor.core.errors import ConfigError
from monitor.core.outcome import Outcome
from monitor.core.severity import Severity
from monitor.incidents.book import News
from monitor.leftovers import Leftovers
from monitor.manual import manual_of
from monitor.outlets import orders_of
from monitor.restart import Restarts
from monitor.runner import Runner
from monitor.scheduler import Scheduler
from monitor.signals import Signals
from monitor.sinks.prometheus import Metrics
from monitor.store import Store
from monitor.watchdog import Watchdog
from monitor.web.server import Backstage, WebServer

log = structlog.get_logger()

_LOOK_AT_FILE_SECONDS = 2.0
# What is set up once, at the start; a reload leaves it as it was and says so.
_FIXED_SECTIONS = ("location", "engine", "web", "store")


class Daemon:
    """
    Runs every configured check on its grid until it is told to stop, and shows what it sees on the web server.

    *path* and *load* are where the configuration came from and how to load it again, at SIGHUP and when the file has
    changed; without them it stays as it is. *on_outcome* gets every outcome, after the metrics and the log, *on_news*
    what became of incidents, and *on_started* this daemon when the first run may begin.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        path: Path | None = None,
        load: Callable[[], Settings] | None = None,
        on_outcome: OnOutcome = lambda _check, _outcome: None,
        on_news: Callable[[News], None] = lambda _: None,
        on_started: Callable[["Daemon"], None] = lambda _: None,
    ) -> None:
        self._settings = self._started_with = settings
        self._path = path
        self._load = load
        self._on_outcome = on_outcome
        self._on_news = on_news
        self._on_started = on_started
        self._ready = False
        # What was wrong with the files as they are now; a reload tries again until they are cured.
        self._refusal: tuple[str, ...] = ()
        self._stop = asyncio.Event()
        self._reload_asked = asyncio.Event()
        self._leftovers: Leftovers | None = None
        self._alerting: Alerting | None = None
        self._clock: Clock = SystemClock()
        # Without a way to reload, a hang-up is what it is everywhere: the terminal has gone.
        self._signals = Signals(on_stop=self._on_signal, on_reload=self._reload_asked.set if load else self.stop)
        self._restarts = Restarts(stop_signal=lambda: self._signals.stop_signal)
        self.metrics = Metrics(target=settings.target.name, location=settings.location)
        self._watchdog = Watchdog(
            limit_seconds=settings.engine.stall_limit_seconds,
            on_lag=self.metrics.loop_lag.observe,
            on_limit=self._restarts.at_limit,
        )
        self._scheduler = Scheduler(
            self._clock, on_tick=self._tick, on_missed=self._missed, on_jump=lambda _: self.metrics.clock_jumps.inc()
        )
        self.web = WebServer(
            settings,
            self._clock,
            Backstage(page=self.metrics.page, run_now=self.run_now, unready=self._unready, trouble=self._trouble),
        )

    async def run(self) -> int:
        """
        Run until stopped; return the exit code: 0, or 130 after Ctrl-C.

        Raises ``ConfigError`` when the web server's address cannot be had.
        """
        async with contextlib.AsyncExitStack() as stack:
            stack.callback(self._signals.close)
            store = await stack.enter_async_context(store_of(self._settings))
            leftovers = await stack.enter_async_context(leftovers_of(self._settings, self._clock, store))
            self.metrics.count_leftovers(leftovers.counts)
            self._leftovers = leftovers
            surroundings = await stack.enter_async_context(surroundings_of(self._settings, self._clock, leftovers))
            self._runner = Runner(
                surroundings,
                stalls=self._watchdog,
                on_outcome=self._finished,
                concurrency=self._settings.engine.concurrency,
                clean_up_seconds=self._settings.engine.clean_up_seconds,
                blockers=self._restarts.blockers,
            )
            await self.web.start()
            self._alerting = alerting = self._alerting_with(store)
            self.metrics.count_incidents(alerting)
            await alerting.start(self._orders(self._settings, was=None))
            place = {"target": self._settings.target.name, "location": self._settings.location}
            await self.web.attend(alerting, History(store, **place))
            self._watchdog.start()
            self._put_in_force(self._settings, was={})
            self._scheduler.start()
            # What is here now stays: a full collection over it would hold the loop for up to 60 ms (measured).
            gc.collect()
            gc.freeze()
            self._ready = True
            log.info("daemon.started", version=__version__, checks=len(self._settings.checks), web=self.web.address)
            self._on_started(self)
            keeping = asyncio.create_task(self._keep_configuration(), name="keep_configuration")
            sweeping = asyncio.create_task(self._keep_sweeping(leftovers), name="sweeping")
            try:
                await self._stop.wait()
            finally:
                keeping.cancel()
                await self._wind_down()
                sweeping.cancel()
                await asyncio.wait({sweeping})
        number = self._signals.stop_signal
        log.info("daemon.stopped", signal=number.name if number else None)
        return 130 if number is signal.SIGINT else 0

    def stop(self) -> None:
        """
        End ``run`` in order: start nothing more, let runs end, clean up.
        """
        self._stop.set()

    async def run_now(self, check: Check) -> Outcome | None:
        """
        Run *check* once beside its grid and return its outcome; None when the daemon was stopped meanwhile.
        """
        return await self._runner.run_now(check)

    def heed_signals(self) -> None:
        """
        Stop at SIGTERM and SIGINT, where a second one ends the process at once; reload at SIGHUP.
        """
        self._signals.start()

    def _on_signal(self, number: signal.Signals) -> None:
        self.stop()
        log.info("daemon.stopping", signal=number.name, budget_seconds=self._started_with.engine.clean_up_seconds)

    async def _wind_down(self) -> None:
        self._ready = False
        self._scheduler.stop()
        await self._runner.stop(patience_seconds=self._started_with.engine.clean_up_seconds)
        if self._alerting is not None:
            await self._alerting.end(within_seconds=self._started_with.engine.clean_up_seconds)
        self._watchdog.stop()
        await self.web.stop()

    async def _keep_sweeping(self, leftovers: Leftovers) -> None:
        seconds = self._started_with.engine.clean_up_seconds
        await leftovers.keep_sweeping(lambda: self._runner.surroundings, within_seconds=seconds)

    async def _keep_configuration(self) -> None:
        """
        Reload when a file of it has changed or somebody asked for it, for ever.
        """
        if self._load is None:
            return
        seen = self._file_states()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AT_FILE_SECONDS):
                    await self._reload_asked.wait()
            now = self._file_states()
            if now != seen or self._reload_asked.is_set():
                self._reload_asked.clear()
                self._refusal = ()
            elif not self._refusal:
                continue
            # One that was refused may be cured by a file that it names: a manifest, a secret.
            seen = now
            await self._reload(self._load)

    async def _reload(self, load: Callable[[], Settings]) -> None:
        """
        Load the configuration again and put it in force at once; one with a mistake changes nothing.
        """
        try:
            settings = await asyncio.to_thread(load)
            self._demand_same_place(settings)
            orders = self._orders(settings, was=self._settings)
        except ConfigError as error:
            self.metrics.reload_success.set(0)
            if error.problems != self._refusal:
                log.error("config.refused", problems=list(error.problems))
            self._refusal = error.problems
            return
        except Exception:  # whatever a kind from elsewhere does while it is loaded must not end reloading for good
            self.metrics.reload_success.set(0)
            log.exception("config.refused", problems=["a kind failed while the configuration was loaded"])
            return
        fixed = [name for name in _FIXED_SECTIONS if getattr(settings, name) != getattr(self._started_with, name)]
        if fixed:
            log.warning("config.restart_needed", sections=fixed)
        configure_logs_of(settings)
        self.web.use(settings)
        self._put_in_force(settings, was=self._settings.checks)
        self._settings = settings
        if self._alerting is not None:
            await self._alerting.use(orders)
        self._refusal = ()
        self.metrics.reload_success.set(1)
        log.info("config.reloaded", checks=len(settings.checks))

    def _file_states(self) -> list[tuple[int, int, int] | None]:
        """
        Return what tells whether the configuration, or the manifest that it names, has changed.
        """
        return [_file_state(path) for path in (self._path, self._settings.manifest_path) if path]

    def _demand_same_place(self, settings: Settings) -> None:
        if settings.target.name != self._settings.target.name:
            raise ConfigError(
                f"target.name: cannot change from {self._settings.target.name!r} while the daemon runs: restart it"
            )

    def _put_in_force(self, settings: Settings, *, was: Mapping[str, Check]) -> None:
        changed = [check for name, check in settings.checks.items() if was.get(name) != check]
        manuals = [manual_of(type(check)) for check in changed]
        self._runner.move_to(target=settings.target, identities=settings.identities, manifest=settings.manifest)
        for name in was.keys() - settings.checks.keys():
            self._scheduler.remove(name)
            self._runner.forget_confirmation(name)
            self.metrics.forget(name)
        for check, manual in zip(changed, manuals, strict=True):
            if check.name in was:
                self._runner.forgive(check.name)
                self._runner.forget_confirmation(check.name)
                self._restarts.forgive(check.name)
            self.metrics.expect(check, reasons=manual.reasons, steps=manual.steps)
        self._scheduler.add(changed)
        self._runner.watch(settings.checks.values())
        self.metrics.configured(settings.fingerprint)

    def _tick(self, check: Check, tick: int, lag_seconds: float) -> None:
        self.metrics.schedule_lag.observe(lag_seconds)
        self._runner.start(check, tick)

    def _missed(self, check: Check, ticks: range) -> None:
        self._runner.miss(check, ticks, because="the event loop stood still or the machine slept")

    def _finished(self, check: Check, outcome: Outcome) -> None:
        # What a reload changed or removed meanwhile has no series for it any more.
        if self._settings.checks.get(check.name) == check:
            self.metrics.observe(outcome)
            self.web.observe(outcome)
        log_outcome(outcome)
        # What a reload removed meanwhile is nobody's trouble any more.
        if self._alerting is not None and check.name in self._settings.checks:
            again = self._alerting.observe(check, outcome)
            if again.confirm:
                self._runner.confirm(check, after_seconds=self._settings.alerts.confirm_every_seconds)
            for name in again.asked:
                # Outside its schedule, and inside the budget of requests like any run.
                self._runner.confirm(self._settings.checks[name], after_seconds=0.0)
        self._on_outcome(check, outcome)

    def _alerting_with(self, store: Store) -> Alerting:
        return Alerting(
            store,
            self._settings.store_path,
            self._clock,
            place=(self._settings.target.name, self._settings.location),
            is_turning=lambda: self._ready and self._scheduler.running,
            ears=Ears(on_news=self._hear_news, on_attempt=self.metrics.attempted),
        )

    def _orders(self, settings: Settings, *, was: Settings | None) -> Orders:
        orders = orders_of(settings, was=was, clock=self._clock)
        if orders.outlets is not None:
            self.metrics.deliver_to(orders.outlets.names, pages=settings.sinks.told_of(Severity.PAGE))
        return orders

    def _hear_news(self, news: News) -> None:
        for incident in news.opened:
            self.metrics.opened(incident)
        log_news(news)
        self.web.hear(news)
        self._on_news(news)

    def _trouble(self) -> str:
        parts = (self._leftovers, self._alerting)
        return "; ".join(part.trouble for part in parts if part is not None and part.trouble)

    def _unready(self) -> str:
        if not self._ready:
            return "starting or stopping"
        return "" if self._scheduler.running else "the scheduler does not turn"


def _file_state(path: Path) -> tuple[int, int, int] | None:
    try:
        # A mounted file is replaced by renaming, so its inode tells as much as its time.
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size, state.st_ino
