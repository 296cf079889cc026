"""
Switches the faults of a server from one act to the next.
"""

from monitor.sandbox.faults.named import build
from monitor.sandbox.faults.switches import Faults
from monitor.sandbox.incidents.script import Act


def stage(act: Act, faults: Faults) -> None:
    """
    Put the faults of *act* in the place of those that are on; what is on as the act wants it goes on undisturbed.

    What does not heal by itself stays, until an act begins that does not name it.
    """
    for name in faults.active():
        if name not in act.faults:
            faults.switch_off(name)
    for name, parameters in act.faults.items():
        if faults.parameters(name) != build(name, parameters).model_dump(mode="json"):
            faults.switch_on(name, **parameters)
