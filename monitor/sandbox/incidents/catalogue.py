"""
The incidents that can be replayed, by name.
"""

from collections.abc import Mapping

from monitor.core.errors import ConfigError, unknown
from monitor.sandbox.incidents import chat_outage, half_right, lost_key, silent_realtime
from monitor.sandbox.incidents.script import Script

INCIDENTS: Mapping[str, Script] = {
    script.name: script for script in (chat_outage.SCRIPT, silent_realtime.SCRIPT, half_right.SCRIPT, lost_key.SCRIPT)
}


def incident_named(name: str) -> Script:
    """
    Return the script called *name*; raise ``ConfigError`` when there is none.
    """
    if name not in INCIDENTS:
        raise ConfigError(f"{unknown('incident', name, INCIDENTS)} (`monitor demo --incidents` lists all)")
    return INCIDENTS[name]


def list_incidents() -> str:
    """
    Return all incidents with what they are about, ready to print.
    """
    width = max(map(len, INCIDENTS))
    return "\n".join(f"{name:<{width}}  {script.summary}" for name, script in INCIDENTS.items())
