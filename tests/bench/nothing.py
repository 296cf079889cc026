"""
A check that asks nobody: what is left of the cost is the engine's own.

Talks to:  nobody
Steps:     none
Fails as:  nothing can fail
Leaves:    nothing

Example::

    idle:
      kind: nothing
"""

from monitor.core.check import Check
from monitor.core.run import Run


class Nothing(Check):
    """
    Passes at once.
    """

    async def run(self, run: Run) -> None:
        """
        Ask nothing.
        """
