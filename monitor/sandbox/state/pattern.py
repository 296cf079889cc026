"""
Regular expressions that cannot freeze the server: matched state by state, in time linear in the text.

A backtracking matcher may need years for ``(a+)+$``; this one follows all ways at once and remembers what it has seen.
Served are literals, classes, escapes, ``.``, ``^`` and ``$``, groups, ``|`` and quantifiers, greedy or not, without
regard to case; what needs backtracking (look-around, references to groups, word boundaries) is refused.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

MAX_PATTERN_CHARS = 256
_MAX_STATES = 2_000
_MAX_REPEATS = 255
# Remembered steps are forgotten beyond it, so that no pattern fills the memory.
_MAX_STEPS = 20_000
_ATOM = re.compile(r"\\[dDwWsS]|\\[nrtfv]|\\[^\w]|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\\[(){}*+?|^$]", re.DOTALL)
_REPEATS = re.compile(r"\{(\d{1,3})(,(\d{0,3}))?\}")

Accepts = Callable[[str], object]


@dataclass(slots=True)
class _State:
    """
    Where a match may stand: it goes on by a character (*accepts*) to *after*, or for free to *free*.
    """

    accepts: Accepts | None = None
    anchor: str = ""
    after: int = -1
    free: list[int] = field(default_factory=list)


class Pattern:
    """
    One expression, found anywhere in a text; raises ``ValueError`` when it is malformed, too large or not served.
    """

    def __init__(self, text: str) -> None:
        if len(text) > MAX_PATTERN_CHARS:
            raise ValueError("the pattern is too long")
        self._states: list[_State] = []
        self._text = text
        self._at = 0
        first, last = self._alternatives()
        if self._at != len(text):
            raise ValueError("a parenthesis is not balanced")
        self._last = last
        self._beginning = self._closure([first], at_start=True)
        self._anywhere = self._closure([first], at_start=False)
        self._steps: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    def found_in(self, text: str) -> bool:
        """
        Return whether some part of *text* matches.
        """
        standing = self._beginning
        for character in text:
            if self._last in standing:
                return True
            standing = self._step(standing, character)
        return self._last in self._closure(standing, at_start=not text, at_end=True)

    def _step(self, standing: frozenset[int], character: str) -> frozenset[int]:
        known = self._steps.get((standing, character))
        if known is not None:
            return known
        passed = (self._states[each] for each in standing)
        reached = [each.after for each in passed if each.accepts is not None and each.accepts(character)]
        # A match may begin after any character.
        following = self._closure(reached, at_start=False) | self._anywhere
        if len(self._steps) >= _MAX_STEPS:
            self._steps.clear()
        self._steps[standing, character] = following
        return following

    def _closure(self, numbers: Iterable[int], *, at_start: bool, at_end: bool = False) -> frozenset[int]:
        reached: set[int] = set()
        waiting = list(numbers)
        while waiting:
            number = waiting.pop()
            if number in reached:
                continue
            reached.add(number)
            state = self._states[number]
            if (state.anchor == "^" and not at_start) or (state.anchor == "$" and not at_end):
                continue
            waiting.extend(state.free)
        return frozenset(reached)

    def _new(self, **given: object) -> int:
        if len(self._states) >= _MAX_STATES:
            raise ValueError("the pattern is too large")
        self._states.append(_State(**given))  # type: ignore[arg-type]
        return len(self._states) - 1

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _alternatives(self) -> tuple[int, int]:
        first, last = self._new(), self._new()
        while True:
            start, end = self._sequence()
            self._states[first].free.append(start)
            self._states[end].free.append(last)
            if self._peek() != "|":
                return first, last
            self._at += 1

    def _sequence(self) -> tuple[int, int]:
        first = last = self._new()
        while self._peek() not in {"", "|", ")"}:
            start, end = self._repeated()
            self._states[last].free.append(start)
            last = end
        return first, last

    def _repeated(self) -> tuple[int, int]:
        begin = self._at
        part = self._part()
        end = self._at
        least, most = self._quantifier()
        if (least, most) == (1, 1):
            return part
        # A quantified part is read again for each time it may occur; the last time loops if there is no upper bound.
        first = last = self._new()
        if most == 0:
            return first, last
        after = self._at
        for number in range(max(least, most or least, 1)):
            start, stop = part if number == 0 else self._again(begin, end)
            self._states[last].free.append(start)
            exit_ = self._new()
            self._states[stop].free.append(exit_)
            if number >= least:
                self._states[last].free.append(exit_)
            if most is None and number == max(least, 1) - 1:
                self._states[exit_].free.append(start)
            last = exit_
        self._at = after
        return first, last

    def _again(self, begin: int, end: int) -> tuple[int, int]:
        self._at = begin
        part = self._part()
        self._at = end
        return part

    def _quantifier(self) -> tuple[int, int | None]:
        bounds: tuple[int, int | None] = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self._peek(), (1, 1))
        counted = _REPEATS.match(self._text, self._at)
        if counted:
            least = int(counted[1])
            bounds = least, least if counted[2] is None else (int(counted[3]) if counted[3] else None)
            self._at = counted.end()
        elif bounds != (1, 1):
            self._at += 1
        else:
            return bounds
        if self._peek() == "?":
            self._at += 1
        most = bounds[1]
        if max(bounds[0], most or 0) > _MAX_REPEATS or (most is not None and most < bounds[0]):
            raise ValueError("the repetition is not served")
        return bounds

    def _part(self) -> tuple[int, int]:
        character = self._peek()
        if character == "(":
            return self._group()
        if character and character in "^$":
            self._at += 1
            number, end = self._new(anchor=character), self._new()
            self._states[number].free.append(end)
            return number, end
        atom = _ATOM.match(self._text, self._at)
        if atom is None:
            raise ValueError("the pattern is malformed, or asks for what needs backtracking")
        self._at = atom.end()
        try:
            accepts = re.compile(atom[0], re.IGNORECASE).fullmatch
        except re.error as error:
            raise ValueError("a class of characters is malformed") from error
        end = self._new()
        return self._new(accepts=accepts, after=end), end

    def _group(self) -> tuple[int, int]:
        self._at += 1
        if self._peek() == "?":
            if self._text[self._at : self._at + 2] != "?:":
                raise ValueError("only plain and non-capturing groups are served")
            self._at += 2
        part = self._alternatives()
        if self._peek() != ")":
            raise ValueError("a parenthesis is not balanced")
        self._at += 1
        return part
