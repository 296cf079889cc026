"""
Fills the cells of a permission matrix that are about realtime: who hears of a change of which canary.
"""

from collections.abc import Mapping

from monitor.access.canary import Canary
from monitor.access.matrix import Cell, Expectation, Matrix, Way
from monitor.appwrite.failures import failed
from monitor.appwrite.obstacles import Obstacles
from monitor.appwrite.rest import Client
from monitor.core.duration import show_duration
from monitor.core.errors import CheckFailed, MonitorError
from monitor.core.manifest import Action
from monitor.core.outcome import Reason
from monitor.core.run import Run
from monitor.core.together import together
from monitor.listening.listeners import Listeners, listeners

_TOUCHED_AT_ONCE = 4


class Hearing:
    """
    Has the server key change *canaries* (by collection, as far as they can change), and notes in *matrix* who heard.

    What keeps it from that goes to *obstacles*.
    """

    def __init__(self, run: Run, matrix: Matrix, obstacles: Obstacles, canaries: Mapping[str, Canary]) -> None:
        self._run = run
        self._matrix = matrix
        self._obstacles = obstacles
        self._canaries = {collection: canary for collection, canary in canaries.items() if canary.can_change}

    async def listen(
        self, clients: Mapping[str, Client], *, within_seconds: float, quiet_seconds: float, spare_seconds: float
    ) -> None:
        """
        Have *clients* listen until each has heard what it must, at most *within_seconds*, then for *quiet_seconds*.

        *spare_seconds* of the run are left over. Raises ``CheckFailed`` when that leaves too little time to tell
        whether an event is lost.
        """
        if not self._canaries or not clients:
            return
        ids = {collection: canary.id for collection, canary in self._canaries.items()}
        async with listeners(self._run, clients, ids) as audience:
            self._leave_out_strangers(audience, clients)
            await together((self._touch(collection) for collection in ids), at_once=_TOUCHED_AT_ONCE)
            left = self._run.remaining_seconds() - spare_seconds - quiet_seconds
            if left <= 0:
                raise _no_time(left, within_seconds)
            within = min(within_seconds, left)
            try:
                await audience.listen(self._expected(audience), within_seconds=within, quiet_seconds=quiet_seconds)
            finally:
                # What somebody has heard he has heard, whatever came then.
                silent = self._note_heard(audience)
        undecided = {cell for cell in silent if within < within_seconds and self._must(cell)}
        for cell in silent - undecided:
            self._matrix.note(cell, allowed=False)
        if undecided:
            raise _no_time(left, within_seconds)

    def _leave_out_strangers(self, audience: Listeners, clients: Mapping[str, Client]) -> None:
        for error in audience.refused:
            self._obstacles.add(error)
        for name, socket in tuple(audience.sockets.items()):
            if clients[name].credentials and socket.user_id is None:
                text = f"realtime takes {name!r} for a guest, though REST knows the user: restart realtime"
                self._obstacles.add(failed(Reason.UNAUTHORIZED, text, identity=name))
                audience.leave_out(name)

    async def _touch(self, collection: str) -> None:
        try:
            await self._canaries[collection].touch()
        except MonitorError as error:
            self._obstacles.add_of_collection(error)
            del self._canaries[collection]

    def _expected(self, audience: Listeners) -> dict[str, set[str]]:
        return {
            name: {canary.id for collection, canary in self._canaries.items() if self._must(_cell(name, collection))}
            for name in audience.heard
        }

    def _must(self, cell: Cell) -> bool:
        return self._matrix.expectation(cell) is Expectation.ALLOWED

    def _note_heard(self, audience: Listeners) -> set[Cell]:
        # Returns the cells in which nothing was heard.
        silent = set()
        for name, heard in audience.heard.items():
            for collection, canary in self._canaries.items():
                cell = _cell(name, collection)
                if canary.id in heard:
                    self._matrix.note(cell, allowed=True)
                else:
                    silent.add(cell)
        return silent


def _cell(name: str, collection: str) -> Cell:
    return Cell(identity=name, collection=collection, action=Action.READ, way=Way.REALTIME)


def _no_time(left_seconds: float, within_seconds: float) -> CheckFailed:
    left, within = show_duration(round(max(0.0, left_seconds), 1)), show_duration(within_seconds)
    text = f"of {within} to wait for events {left} were left: see what is slow, give more time, or split the check"
    return failed(Reason.TIMEOUT, text)
