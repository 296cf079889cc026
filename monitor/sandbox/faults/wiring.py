"""
Where faults get between the state and whoever asks for it.
"""

from functools import partial

from monitor.sandbox.faults.switches import Faults
from monitor.sandbox.state.view import SeenSet
from monitor.sandbox.state.world import World


def wire(faults: Faults, world: World) -> None:
    """
    Let *world* be seen through *faults*; before anything else is done with it.
    """
    world.view = faults
    faults.profile = world.profile
    world.platforms = SeenSet(world.platforms, faults.platform)
    world.services_off = SeenSet(world.services_off, partial(faults.is_off, "service"))
    world.protocols_off = SeenSet(world.protocols_off, partial(faults.is_off, "protocol"))
    world.auth_methods_off = SeenSet(world.auth_methods_off, partial(faults.is_off, "login"))
    world.worker.works = partial(faults.works, "databases")
    world.functions.worker.works = partial(faults.works, "functions")
    world.messaging.worker.works = partial(faults.works, "messaging")
