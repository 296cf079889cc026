"""
What befalls everybody in one life: the target, the receivers, and the daemon.

Times are seconds since the life began.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

RECEIVERS = ("pagerduty", "webhook")
# From the end of all failing until receivers are well, too: what is resolved meets the same weather.
LATE_WEATHER_SECONDS = 1.0

_SLOW_SECONDS = 0.15
_SLOW_READ_SECONDS = 0.5
_STUCK_SECONDS = 0.4
_STUCK_PATIENCE_SECONDS = 0.2


class Scene(StrEnum):
    """
    Who lives: a daemon; two that share a store; or one whose disk is slow, slower than its patience, or full.
    """

    ALONE = "alone"
    TWINS = "twins"
    SLOW_DISK = "slow disk"
    STUCK_DISK = "stuck disk"
    FULL_DISK = "full disk"

    @property
    def is_weak(self) -> bool:
        """
        Whether people are told though the store does not know yet, so that a kill may lose or double something.
        """
        return self in {Scene.STUCK_DISK, Scene.FULL_DISK}


class Way(StrEnum):
    """
    How a path of the target fails.
    """

    STATUS = "status"
    RESET = "reset"
    HANG = "hang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """
    A stretch in which one path fails.
    """

    begins: float
    ends: float
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """
    A check, and when what it watches fails.
    """

    name: str
    severity: str
    failing: Sequence[Failing]

    def way_at(self, seconds: float) -> Way | None:
        """
        Return how it fails then, None when it does not.
        """
        return next((each.way for each in self.failing if each.begins <= seconds < each.ends), None)


class Sky(StrEnum):
    """
    How a receiver is for a while: well, failing in all ways, down in one way, closed, or asking for a pause.
    """

    CLEAR = "clear"
    STORM = "storm"
    DOWN = "down"
    CLOSED = "closed"
    THROTTLED = "throttled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """
    A stretch of weather at a receiver, until *ends*.
    """

    ends: float
    sky: Sky


class Moment(StrEnum):
    """
    When a daemon is killed.

    *time*: some time after its start; *arrival*: when a receiver has its request; *processed*: before the answer to it;
    *answered*: shortly after; *before* and *after* a commit of what concerns incidents; *drain*: after SIGTERM.
    """

    TIME = "time"
    ARRIVAL = "arrival"
    PROCESSED = "processed"
    ANSWERED = "answered"
    BEFORE_COMMIT = "before"
    AFTER_COMMIT = "after"
    DRAIN = "drain"


AT_REQUEST = frozenset({Moment.ARRIVAL, Moment.PROCESSED, Moment.ANSWERED})
AT_COMMIT = frozenset({Moment.BEFORE_COMMIT, Moment.AFTER_COMMIT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """
    How one daemon ends.

    *number* counts requests (of *transition*, if it is not empty) or commits, from 1. *seconds* pass after the start,
    or after the answer, and *drain_seconds* after SIGTERM; *pause_seconds* until the next is started. *hits_both* of
    two.
    """

    moment: Moment
    number: int
    transition: str
    seconds: float
    drain_seconds: float
    pause_seconds: float
    hits_both: bool
    is_hindered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    A whole life; *seconds* is how long the target fails now and then.
    """

    seed: int
    scene: Scene
    checks: Sequence[Watched]
    open_after: int
    resolve_after: int
    confirm_ms: int
    clean_up_ms: int
    repeats_seconds: float | None
    reads_slowly: bool
    room_pages: int
    seconds: float
    weather: Mapping[str, Sequence[Spell]]
    blows: Sequence[Blow]

    @property
    def weather_ends(self) -> float:
        """
        When receivers are well for good.
        """
        return self.seconds + LATE_WEATHER_SECONDS

    def check(self, name: str) -> Watched:
        """
        Return the check of this name.
        """
        return next(each for each in self.checks if each.name == name)

    def sky_at(self, receiver: str, seconds: float) -> Sky:
        """
        Return the weather at *receiver* then.
        """
        return next((each.sky for each in self.weather[receiver] if seconds < each.ends), Sky.CLEAR)

    def hindrances(self, *, is_hindered: bool) -> Mapping[str, object]:
        """
        Return what hinders a daemon of this life, in the words of the zygotes.
        """
        always: dict[str, object] = {"repeats_seconds": self.repeats_seconds}
        if self.reads_slowly:
            always["reads_in_seconds"] = _SLOW_READ_SECONDS
        if not is_hindered:
            return always
        match self.scene:
            case Scene.SLOW_DISK:
                return {**always, "slow_seconds": _SLOW_SECONDS}
            case Scene.STUCK_DISK:
                return {**always, "slow_seconds": _STUCK_SECONDS, "patience_seconds": _STUCK_PATIENCE_SECONDS}
            case Scene.FULL_DISK:
                return {**always, "room_pages": self.room_pages}
        return always
