"""
How long the sandbox takes to tell everybody of one write: from sending it until the last of many sockets has the event.
"""

from tests.bench.bench import Bench
from tests.bench.figure import Figure
from tests.bench.processes import ask, child, python, read_json
from tests.bench.usage import cpu_seconds_of

_AIM_MILLISECONDS = 500.0


async def measure_fanout(bench: Bench) -> list[Figure]:
    """
    Return the times of several writes, the longest of them, and what they cost the sandbox, which has one core.
    """
    plan = bench.plan
    server = python("monitor", "sandbox", "--port", "0", "--json")
    async with child(*server, cores=bench.cores.servers) as sandbox:
        place = await read_json(sandbox)
        async with child(*python("tests.bench.listeners"), cores=bench.cores.clients) as listeners:
            await ask(listeners, place=place, documents=plan.fanout_documents, sockets=plan.fanout_sockets)
            before = cpu_seconds_of(sandbox.pid)
            answer = await ask(listeners, writes=plan.fanout_writes)
            cpu_seconds = cpu_seconds_of(sandbox.pid) - before
    times = tuple(seconds * 1000 for seconds in answer["seconds"])
    what = f"sandbox fan-out, {plan.fanout_sockets} sockets, {plan.fanout_documents} documents"
    return [
        Figure(what=f"{what}: a write until the last has the event", unit="ms", samples=times, aim=_AIM_MILLISECONDS),
        Figure(what=f"{what}: the slowest write", unit="ms", samples=(max(times),), aim=_AIM_MILLISECONDS),
        Figure(what=f"{what}: CPU per write", unit="ms", samples=(cpu_seconds / plan.fanout_writes * 1000,)),
    ]
