"""
Keeps time back, so that what was found out is still told before the deadline.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from monitor.core.run import Run


@contextmanager
def keeping_back(run: Run, seconds: float) -> Iterator[None]:
    """
    Have the deadline of *run* come so much earlier inside the block, for whatever waits there.
    """
    deadline = run.elapsed_seconds() + run.remaining_seconds()
    run.extend(max(0.0, run.remaining_seconds() - seconds))
    try:
        yield
    finally:
        run.extend(max(0.0, deadline - run.elapsed_seconds()))
