"""
A package of somebody else's that adds kinds by entry point, written into a folder for the time of a test.
"""

import textwrap
from pathlib import Path

MANUAL = '''"""
A check that {what}.

Talks to:  nobody
Steps:     none
Fails as:  internal  always
Leaves:    nothing

Example::

    bad:
      kind: {kind}
"""

import asyncio
import time

from monitor.core.check import Check
from monitor.core.run import Run


class Foreign(Check):
    async def run(self, run: Run) -> None:
{body}
'''

KINDS = {
    "blocks_loop": ("blocks the loop for four seconds", "time.sleep(4)"),
    "blocks_for_ever": ("blocks the loop for ever", "time.sleep(1000)"),
    "never_ends": ("never ends", "await asyncio.Event().wait()"),
    "swallows": (
        "swallows its cancellation",
        "try:\n    await asyncio.sleep(1000)\nexcept asyncio.CancelledError:\n    return",
    ),
    "ignores": (
        "ignores its cancellation",
        "while True:\n    try:\n        await asyncio.sleep(1000)\n    except asyncio.CancelledError:\n        pass",
    ),
    "takes_long": ("takes two seconds", "await asyncio.sleep(2)"),
}


def install_foreign_kinds(folder: Path) -> dict[str, str]:
    """
    Write the package into *folder*; return the environment under which ``monitor`` finds it.
    """
    for kind, (what, body) in KINDS.items():
        indented = textwrap.indent(body, " " * 8)
        (folder / f"{kind}.py").write_text(MANUAL.format(what=what, kind=kind, body=indented))
    metadata = folder / "foreign_checks-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: foreign-checks\nVersion: 1.0\n")
    lines = "\n".join(f"{kind} = {kind}" for kind in KINDS)
    (metadata / "entry_points.txt").write_text(f"[monitor.checks]\n{lines}\n")
    return {"PYTHONPATH": str(folder)}
