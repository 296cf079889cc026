"""
The permission matrix: identity × collection × action × way, what each cell must be and what it was found to be.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.manifest import Action
from monitor.core.outcome import CellState


class Way(StrEnum):
    """
    How an action is done; over realtime one can only read.
    """

    REST = "rest"
    REALTIME = "realtime"


class Expectation(StrEnum):
    """
    What a cell must be.
    """

    ALLOWED = "allowed"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """
    One identity doing one action to the documents of one collection in one way.
    """

    identity: str
    collection: str
    action: Action
    way: Way = Way.REST

    def __str__(self) -> str:
        return f"{self.identity}: {self.action} {self.collection} over {self.way}"


# What is told first. Of what nobody must do, reading: it cannot be taken back. Of what somebody must, creating: where
# that fails, there is nothing to read.
_WORST_EXCESS = (Action.READ, Action.DELETE, Action.UPDATE, Action.CREATE)
_WORST_MISSING = (Action.CREATE, Action.READ, Action.UPDATE, Action.DELETE)


class Matrix:
    """
    The cells found so far, against what each identity may do: collection → identity → actions.
    """

    def __init__(self, may: Mapping[str, Mapping[str, Set[Action]]]) -> None:
        self.may = may
        self._found: dict[Cell, bool] = {}

    def expectation(self, cell: Cell) -> Expectation:
        """
        Return what *cell* must be.
        """
        allowed = cell.action in self.may[cell.collection][cell.identity]
        return Expectation.ALLOWED if allowed else Expectation.DENIED

    def note(self, cell: Cell, *, allowed: bool) -> None:
        """
        Say what *cell* was found to be.
        """
        self._found[cell] = allowed

    def note_either(self, cell: Cell, *, allowed: Sequence[bool]) -> None:
        """
        Say what *cell* was found to be in several requests; those that do not agree make it wrong.
        """
        self.note(cell, allowed=any(allowed) if self.expectation(cell) is Expectation.DENIED else all(allowed))

    def state(self, cell: Cell) -> CellState:
        """
        Return what became of *cell*, which was found.
        """
        if self._found[cell] is (self.expectation(cell) is Expectation.ALLOWED):
            return CellState.RIGHT
        return CellState.EXCESS if self._found[cell] else CellState.MISSING

    def is_right(self, cell: Cell) -> bool:
        """
        Return whether *cell* was found, and to be what it must be.
        """
        return cell in self._found and self.state(cell) is CellState.RIGHT

    def counts(self) -> dict[CellState, int]:
        """
        Return how many of the cells that were found are in each state.
        """
        states = [self.state(cell) for cell in self._found]
        return {state: states.count(state) for state in CellState}

    def excess(self) -> tuple[Cell, ...]:
        """
        Return the cells that are allowed and must not be, the worst first: what guests may, then reading.
        """
        return self._of(CellState.EXCESS, _WORST_EXCESS)

    def missing(self) -> tuple[Cell, ...]:
        """
        Return the cells that must be allowed and are not, in the order in which they are missed.
        """
        return self._of(CellState.MISSING, _WORST_MISSING)

    def silent_collections(self) -> tuple[str, ...]:
        """
        Return the collections whose event reached nobody, though somebody may read them: not a matter of permissions.
        """
        heard = {cell.collection for cell in self._hearing() if self._found[cell]}
        readable = {
            cell.collection
            for cell in self._hearing()
            if self._found.get(Cell(identity=cell.identity, collection=cell.collection, action=Action.READ))
        }
        return tuple(sorted(readable - heard))

    def _hearing(self) -> Iterable[Cell]:
        # Those of realtime who must hear something.
        cells = (cell for cell in self._found if cell.way is Way.REALTIME)
        return [cell for cell in cells if self.expectation(cell) is Expectation.ALLOWED]

    def _of(self, state: CellState, order: Sequence[Action]) -> tuple[Cell, ...]:
        found = [cell for cell in self._found if self.state(cell) is state]
        return tuple(sorted(found, key=lambda cell: (order.index(cell.action), cell.way is Way.REALTIME)))
