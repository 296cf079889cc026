"""
How much is measured: at length, short (for CI), or just enough to see that it still works.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    The extent of one measurement.

    *runs*: of each contender in each of *rounds*. *paced_runs*: at 100/s, for the contender that has no schedule.
    *check_counts*: of the daemons whose lag is measured for *lag_seconds*; the last is that of the daemon whose memory
    is. *fanout_writes*: each to a collection of *fanout_documents*, and told to *fanout_sockets*. *journeys*: of each
    contender in each of *journey_rounds*. *detection_trials*: of each kind of fault, in targets that are asked every
    *detection_every_seconds* with *detection_timeout_seconds*; *drop_daemons* hold five sockets each.
    *side_by_side*: parts that hardly disturb one another run at the same time.
    """

    rounds: int
    runs: int
    paced_runs: int
    check_counts: tuple[int, ...]
    every_seconds: float
    warm_up_seconds: float
    lag_seconds: float
    starts: int
    fanout_sockets: int
    fanout_documents: int
    fanout_writes: int
    journey_rounds: int
    journeys: int
    detection_trials: int
    detection_every_seconds: float
    detection_timeout_seconds: float
    drop_daemons: int
    side_by_side: bool
    deadline_seconds: float


FULL = Plan(
    rounds=5,
    runs=2000,
    paced_runs=500,
    check_counts=(100, 1000),
    every_seconds=10.0,
    warm_up_seconds=2.0,
    lag_seconds=12.0,
    starts=9,
    fanout_sockets=500,
    fanout_documents=5000,
    fanout_writes=30,
    journey_rounds=5,
    journeys=30,
    detection_trials=50,
    detection_every_seconds=10.0,
    detection_timeout_seconds=3.0,
    drop_daemons=10,
    side_by_side=False,
    deadline_seconds=600.0,
)
SHORT = Plan(
    rounds=2,
    runs=1000,
    paced_runs=200,
    check_counts=(100, 1000),
    every_seconds=10.0,
    warm_up_seconds=1.0,
    lag_seconds=11.0,
    starts=5,
    fanout_sockets=500,
    fanout_documents=5000,
    fanout_writes=15,
    journey_rounds=2,
    journeys=15,
    detection_trials=10,
    detection_every_seconds=4.0,
    detection_timeout_seconds=2.0,
    drop_daemons=2,
    side_by_side=True,
    deadline_seconds=120.0,
)
SMOKE = Plan(
    rounds=1,
    # 200 probes are some 10 ticks of the 100 Hz in which Linux counts another process's time: never 0.
    runs=200,
    paced_runs=50,
    check_counts=(10, 20),
    every_seconds=1.0,
    warm_up_seconds=0.5,
    lag_seconds=1.2,
    starts=1,
    fanout_sockets=40,
    fanout_documents=200,
    fanout_writes=3,
    journey_rounds=1,
    journeys=10,
    detection_trials=4,
    detection_every_seconds=2.0,
    detection_timeout_seconds=1.0,
    drop_daemons=2,
    side_by_side=True,
    deadline_seconds=75.0,
)
