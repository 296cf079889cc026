"""
What a function is expected to answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.appwrite.answers import Execution
from monitor.appwrite.json_text import parse_json
from monitor.appwrite.json_values import Scalar, first_difference
from monitor.core.redaction import excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAnswer:
    """
    One of *statuses*, the values of *json_values* (path → value), and a match of *body_matches*.
    """

    statuses: tuple[int, ...]
    json_values: Mapping[str, Scalar]
    body_matches: str | None

    def flaw(self, execution: Execution) -> str:
        """
        Return what is not as expected, as the rest of a sentence on the function; empty when all is.
        """
        if execution.status_code not in self.statuses:
            return self._flaw_of_status(execution)
        if self.json_values and (flaw := self._flaw_of_json(execution)):
            return flaw
        if self.body_matches is not None and not re.search(self.body_matches, execution.body):
            return f"answered a body without a match of {excerpt(self.body_matches)}: see what was deployed last"
        return ""

    def _flaw_of_status(self, execution: Execution) -> str:
        expected = " or ".join(map(str, self.statuses))
        if execution.status == "failed":
            return f"failed with {execution.status_code}, expected {expected}: see its logs in the console"
        return f"itself answered {execution.status_code}, expected {expected}: see its logs for what it refuses"

    def _flaw_of_json(self, execution: Execution) -> str:
        try:
            answer = parse_json(execution.body)
        except ValueError:
            return f"answered {len(execution.body)} characters that are no JSON: see what was deployed last"
        difference = first_difference(answer, self.json_values)
        if difference is None:
            return ""
        expected, got = excerpt(difference.expected), excerpt(difference.got)
        return f"answered JSON {difference.path}: expected {expected}, got {got}: see what was deployed last"
