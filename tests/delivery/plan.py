"""
What befalls everybody in one life, drawn from its seed: the target, the receivers, and the daemon.

Times are seconds since the life began.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

RECEIVERS = ("pagerduty", "webhook")
# From the end of all failing until receivers are well, too: what is resolved meets the same weather.
LATE_WEATHER_SECONDS = 1.0

_CHECKS = 3
_SLOW_SECONDS = 0.15
_SLOW_READ_SECONDS = 0.5
_STUCK_SECONDS = 0.4
_STUCK_PATIENCE_SECONDS = 0.2
_MOST_ROOM_PAGES = 8


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


_SCENES: Mapping[Scene, int] = {
    Scene.ALONE: 50,
    Scene.TWINS: 22,
    Scene.SLOW_DISK: 14,
    Scene.STUCK_DISK: 7,
    Scene.FULL_DISK: 7,
}


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


_MOMENTS: Mapping[Moment, int] = {
    Moment.TIME: 30,
    Moment.ARRIVAL: 8,
    Moment.PROCESSED: 22,
    Moment.ANSWERED: 14,
    Moment.BEFORE_COMMIT: 6,
    Moment.AFTER_COMMIT: 12,
    Moment.DRAIN: 8,
}
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


def plan_of(seed: int) -> Plan:
    """
    Draw what *seed* says.
    """
    chance = random.Random(seed)
    scene = chance.choices(list(_SCENES), list(_SCENES.values()))[0]
    seconds = chance.uniform(3.0, 5.0)
    return Plan(
        seed=seed,
        scene=scene,
        checks=[_watched(chance, number, seconds) for number in range(_CHECKS)],
        open_after=chance.choice((1, 2, 2, 3)),
        resolve_after=chance.choice((1, 2)),
        confirm_ms=chance.randrange(50, 201),
        clean_up_ms=chance.choice((100, 500, 1500)),
        repeats_seconds=chance.choice((None, chance.uniform(0.3, 1.0))),
        reads_slowly=scene in {Scene.SLOW_DISK, Scene.TWINS} and chance.random() < 0.5,
        room_pages=chance.randrange(_MOST_ROOM_PAGES),
        seconds=seconds,
        weather={receiver: list(_weather(chance, scene, seconds)) for receiver in RECEIVERS},
        blows=[_blow(chance, scene) for _ in range(chance.choice((1, 2, 2, 3, 3, 4)))],
    )


def _watched(chance: random.Random, number: int, seconds: float) -> Watched:
    # Their place on the grid follows from their names.
    return Watched(
        name=f"check-{number}-{chance.randrange(1000)}",
        severity=chance.choices(("page", "ticket"), (4, 1))[0],
        failing=list(_stretches(chance, seconds)),
    )


def _stretches(chance: random.Random, seconds: float) -> Iterator[Failing]:
    """
    Yield when a path fails: for long, again and again, hardly at all, or never.
    """
    way = chance.choices(list(Way), (7, 2, 1))[0]
    match chance.choices(("long", "whole", "flapping", "blips", "never"), (9, 2, 5, 3, 1))[0]:
        case "long":
            begins = chance.uniform(0.1, 1.2)
            yield Failing(begins=begins, ends=min(seconds, begins + chance.uniform(0.8, 3.5)), way=way)
        case "whole":
            yield Failing(begins=0.0, ends=seconds, way=way)
        case "flapping":
            now = chance.uniform(0.1, 1.0)
            while now < seconds:
                ends = min(seconds, now + chance.uniform(0.3, 1.4))
                yield Failing(begins=now, ends=ends, way=way)
                now = ends + chance.uniform(0.3, 1.4)
        case "blips":
            for _ in range(chance.randrange(1, 4)):
                begins = chance.uniform(0.1, seconds - 0.4)
                yield Failing(begins=begins, ends=begins + chance.uniform(0.03, 0.4), way=way)


def _weather(chance: random.Random, scene: Scene, seconds: float) -> Iterator[Spell]:
    # Whom a daemon without a store cannot reach before it is killed, nobody can tell later.
    skies, weights = (list(Sky), (4, 5, 3, 2, 1)) if not scene.is_weak else ((Sky.CLEAR, Sky.STORM), (1, 1))
    now = 0.0
    while now < seconds + LATE_WEATHER_SECONDS:
        now = min(now + chance.uniform(0.4, 3.5), seconds + LATE_WEATHER_SECONDS)
        yield Spell(ends=now, sky=chance.choices(skies, weights)[0])


def _blow(chance: random.Random, scene: Scene) -> Blow:
    moment = chance.choices(list(_MOMENTS), list(_MOMENTS.values()))[0]
    transition = chance.choice(("", "opened", "resolved", "resolved")) if moment in AT_REQUEST else ""
    # Right after the start it reads the store, and has nothing to say yet.
    after_start = chance.choice((chance.uniform(0.0, 0.35), chance.uniform(0.3, 3.0)))
    after_answer = chance.choice((0.0, chance.uniform(0.0, 0.03)))
    return Blow(
        moment=moment,
        number=chance.choice((1, 1, 2, 3)) if transition else chance.randrange(1, 7),
        transition=transition,
        seconds=after_answer if moment is Moment.ANSWERED else after_start,
        drain_seconds=chance.uniform(0.0, 0.3),
        pause_seconds=chance.choice((0.0, chance.uniform(0.0, 0.8))),
        hits_both=chance.random() < 0.3,
        is_hindered=not scene.is_weak or chance.random() < 0.7,
    )
