"""
How long a fault goes on until somebody is paged: from switching it on to the request at PagerDuty.

Beside it the chain of blackbox_exporter, Prometheus and Alertmanager, which watches the same targets at the same time,
as often and as patiently, and pages through the same PagerDuty.
"""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from tests.bench import alert_chain
from tests.bench.bench import Bench
from tests.bench.delays import delay_figures
from tests.bench.figure import Figure
from tests.bench.pages import Pages
from tests.bench.patience import until
from tests.bench.processes import child, python
from tests.bench.switchable import Fault, Targets, targets_of
from tests.fakes.pagerduty import ROUTING_KEY, FakePagerDuty

# The first word of our User-Agent.
_ASKS_AS = "monitor"
_WORDS = {Fault.AT_ONCE: "once", Fault.SILENT: "silent"}
_CHAIN = "blackbox → Prometheus → Alertmanager"
_PEERS = {
    alert_chain.FAILED_ONCE: f"{_CHAIN}, 1 failed probe",
    alert_chain.FAILED_TWICE: f"{_CHAIN}, 2 failed probes",
}
# Beyond half an interval, and beyond the two runs of a silent fault that have to time out.
_AIM_SECONDS = 3.0
# Prometheus begins 5 s after its start, and the machine may be busy.
_START_SECONDS = 30.0
# All that is above intervals and timeouts.
_PATIENCE_SECONDS = 15.0
_SEED = 1

# Of each contender, by its routing key: the seconds until it paged, by target.
Delays = Mapping[str, Mapping[str, float]]


async def measure_detection(bench: Bench) -> list[Figure]:
    """
    Return the times until a page, ours and the peers', of faults that are answered at once and of silent ones.
    """
    trials = bench.plan.detection_trials
    faults = {f"{word}-{number:03}": fault for fault, word in _WORDS.items() for number in range(trials)}
    chain = alert_chain.Tools.found()
    pages = Pages(pager := FakePagerDuty())
    async with pager, targets_of(faults) as targets, _watching(bench, targets, pager, chain):
        asking = [_ASKS_AS, *([alert_chain.ASKS_AS] if chain else [])]
        began_at = await _break(targets, faults, asking=asking, every_seconds=bench.plan.detection_every_seconds)
        within_seconds = 2 * bench.plan.detection_every_seconds + 3 * bench.plan.detection_timeout_seconds
        delays = {
            key: await pages.delays(key, began_at, whose=whose, within_seconds=within_seconds + _PATIENCE_SECONDS)
            for key, whose in {ROUTING_KEY: "ours", **(_PEERS if chain else {})}.items()
        }
    return [figure for fault in Fault for figure in _figures(bench, fault, faults, delays)]


def moments_of(phases: Mapping[str, Sequence[float]], *, every_seconds: float) -> dict[str, float]:
    """
    Return when, within an interval, each fault begins; *phases*: when each contender asks for each target, ours first.

    It is random, but a median over it is no luck of anybody: our waits are spread evenly, and faults come in pairs,
    half an interval apart, of targets for which all ask at nearly the same distance.
    """
    chance, pairs = random.Random(_SEED), (len(phases) + 1) // 2
    waits = [(number + chance.random()) / pairs * every_seconds / 2 for number in range(pairs)]
    chance.shuffle(waits)
    alike = sorted(phases, key=lambda name: (phases[name][-1] - phases[name][0]) % every_seconds)
    return {
        name: (phases[name][0] - waits[number // 2] - number % 2 * every_seconds / 2) % every_seconds
        for number, name in enumerate(alike)
    }


@asynccontextmanager
async def _watching(
    bench: Bench, targets: Targets, pager: FakePagerDuty, chain: alert_chain.Tools | None
) -> AsyncIterator[None]:
    """
    Have all contenders watch *targets*, and page through *pager*, for the length of the block.
    """
    every_seconds, timeout_seconds = bench.plan.detection_every_seconds, bench.plan.detection_timeout_seconds
    common = {"kind": "http_endpoint", "every": f"{every_seconds:g}s", "timeout": f"{timeout_seconds:g}s"}
    settings = {
        "target": {"name": "bench", "endpoint": f"{targets.origin}/v1", "project": "bench", "database": "main"},
        "web": {"listen": "127.0.0.1:0"},
        "log": {"level": "error"},
        "sinks": {"pagerduty": {"url": pager.enqueue_url, "routing_key": ROUTING_KEY}},
        "checks": {name: {**common, "url": targets.url(name)} for name in targets.names},
    }
    folder = bench.folder / "detection"
    folder.mkdir()
    config = folder / "monitor.yaml"
    # JSON is YAML.
    config.write_text(json.dumps(settings, indent=1))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(child(*python("monitor", "run", "-c", str(config))))
        if chain:
            peers = alert_chain.chain_of(
                chain,
                targets,
                folder=folder,
                pager=pager.enqueue_url,
                every_seconds=every_seconds,
                timeout_seconds=timeout_seconds,
            )
            await stack.enter_async_context(peers)
        yield


async def _break(
    targets: Targets, faults: Mapping[str, Fault], *, asking: Sequence[str], every_seconds: float
) -> Mapping[str, float]:
    """
    Switch every fault on, each at its own moment of an interval, once all targets are watched; return the moments.
    """
    await until(
        lambda: all(targets.times_asked(contender) for contender in asking),
        within_seconds=every_seconds + _START_SECONDS,
        what=lambda: f"not every target has been asked for by {' and '.join(asking)}",
    )
    moments: dict[str, float] = {}
    for fault in Fault:
        names = [name for name in faults if faults[name] is fault]
        phases = {name: [targets.asked_at(contender, name) for contender in asking] for name in names}
        moments |= moments_of(phases, every_seconds=every_seconds)
    now = time.monotonic()

    async def switch(name: str) -> float:
        await asyncio.sleep((moments[name] - now) % every_seconds)
        return targets.switch_on(name, faults[name])

    return dict(zip(faults, await asyncio.gather(*map(switch, faults)), strict=True))


def _figures(bench: Bench, fault: Fault, faults: Mapping[str, Fault], delays: Delays) -> list[Figure]:
    every_seconds, timeout_seconds = bench.plan.detection_every_seconds, bench.plan.detection_timeout_seconds
    seconds = {key: [each[name] for name in faults if faults[name] is fault] for key, each in delays.items()}
    timeouts = 2 * timeout_seconds if fault is Fault.SILENT else 0.0
    what = f"{fault}, every {every_seconds:g}s, {bench.plan.detection_trials} faults, until the page"
    ours = delay_figures(
        f"{what}: ours",
        seconds.pop(ROUTING_KEY),
        aim=every_seconds / 2 + _AIM_SECONDS + timeouts,
        peer=_PEERS[alert_chain.FAILED_TWICE],
        peer_seconds=seconds.get(alert_chain.FAILED_TWICE, ()),
    )
    peers = [figure for key, each in seconds.items() for figure in delay_figures(f"{what}: {_PEERS[key]}", each)]
    return [*ours, *peers]
