"""
Dashboards and rules ask for nothing that is not exported, and show all that is.
"""

import re

from tests.dashboards.dashboard import DASHBOARDS, all_queries, query_variables
from tests.dashboards.exported import exported, families
from tests.dashboards.files import rules

# Neither charted nor alerted on, and why.
NOT_SHOWN = {
    "process_virtual_memory_bytes": "says nothing of what a Python process needs; the resident memory is shown",
    "synthetic_sink_takes_pages": "what is configured; the rules decide by it who pages",
}
_NAME = re.compile(r"\b(?:synthetic|process)[a-z0-9_]*(?::[a-z0-9_]+)*")


def names_in(*texts: str) -> set[str]:
    return {name for text in texts for name in _NAME.findall(re.sub(r'"[^"]*"', '""', text))}


def asked_by_dashboards() -> set[str]:
    questions = [question for name in DASHBOARDS for _, question in query_variables(name)]
    return names_in(*(query.expr for query in all_queries()), *questions)


def test_dashboards_ask_only_for_what_is_exported_or_recorded() -> None:
    known = exported() | {rule.get("record") for rule in rules()}

    assert asked_by_dashboards() - known == set()


def test_rules_ask_only_for_what_is_exported_or_recorded() -> None:
    known = exported() | {rule.get("record") for rule in rules()}

    assert names_in(*(rule["expr"] for rule in rules())) - known == set()


def test_everything_that_is_exported_is_shown_or_has_a_reason_not_to_be() -> None:
    asked = asked_by_dashboards() | names_in(*(rule["expr"] for rule in rules() if "alert" in rule))

    unseen = {family for family, names in families().items() if not names & asked}

    assert unseen == NOT_SHOWN.keys()
