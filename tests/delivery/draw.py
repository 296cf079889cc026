"""
Draws the plan of a life from its seed.
"""

import random
from collections.abc import Iterator, Mapping

from tests.delivery.plan import (
    AT_REQUEST,
    LATE_WEATHER_SECONDS,
    RECEIVERS,
    Blow,
    Failing,
    Moment,
    Plan,
    Scene,
    Sky,
    Spell,
    Watched,
    Way,
)

_CHECKS = 3
_MOST_ROOM_PAGES = 8
_SCENES: Mapping[Scene, int] = {
    Scene.ALONE: 50,
    Scene.TWINS: 22,
    Scene.SLOW_DISK: 14,
    Scene.STUCK_DISK: 7,
    Scene.FULL_DISK: 7,
}
_MOMENTS: Mapping[Moment, int] = {
    Moment.TIME: 30,
    Moment.ARRIVAL: 8,
    Moment.PROCESSED: 22,
    Moment.ANSWERED: 14,
    Moment.BEFORE_COMMIT: 6,
    Moment.AFTER_COMMIT: 12,
    Moment.DRAIN: 8,
}


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
