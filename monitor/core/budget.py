"""
How runs share what may be sent to the target: the seam between the runner and whoever knows Appwrite's limits.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Protocol

from monitor.core.cost import Bucket


class Budget(Protocol):
    """
    What may still be sent to the target, and who waits for it.
    """

    def room_for(self, who: str, demand: Mapping[Bucket, int]) -> AbstractAsyncContextManager[None]:
        """
        Wait until there is room for the *demand* of *who*, a run or a watch, and hold it until the end of the block.

        In the order of arrival: nobody takes the room that somebody before him waits for.
        """

    def shortage(self, who: str) -> str:
        """
        Return what *who* waits for; empty when it does not.
        """

    def stop(self) -> None:
        """
        Let everybody in who waits, without room: nothing is going to start any more.
        """


class Unlimited:
    """
    For a target that limits nothing.
    """

    def room_for(
        self,
        who: str,  # noqa: ARG002 - the seam's signature
        demand: Mapping[Bucket, int],  # noqa: ARG002 - the seam's signature
    ) -> AbstractAsyncContextManager[None]:
        return nullcontext()

    def shortage(self, who: str) -> str:  # noqa: ARG002 - the seam's signature
        return ""

    def stop(self) -> None:
        return


UNLIMITED = Unlimited()
