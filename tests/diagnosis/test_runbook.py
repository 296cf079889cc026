"""
The runbooks that diagnoses point at are there, and say what the rules say.
"""

from pathlib import Path

import pytest

from monitor.core.cause import Cause
from monitor.diagnosis.rules import RULES
from monitor.diagnosis.runbook import runbook_of

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "dashboards" / "runbooks"


@pytest.mark.parametrize("cause", Cause)
def test_it_is_written_as_the_rules_have_it(cause: Cause) -> None:
    written = (FOLDER / f"{cause}.md").read_text()

    assert written == runbook_of(cause), "write them anew: make runbooks"


def test_every_diagnosis_points_at_one_that_is_there() -> None:
    assert {cause.value for cause in Cause} <= {path.stem for path in FOLDER.glob("*.md")}
    assert all((ROOT / rule.runbook).is_file() for rule in RULES)
