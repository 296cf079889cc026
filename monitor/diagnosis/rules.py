"""
The rule base, from the lowest layer to the highest: where several are broken, the first one explains the rest.
"""

from monitor.core.cause import Cause
from monitor.diagnosis.data_rules import DATA_RULES
from monitor.diagnosis.journey_rules import JOURNEY_RULES
from monitor.diagnosis.network_rules import NETWORK_RULES
from monitor.diagnosis.realtime_rules import REALTIME_RULES
from monitor.diagnosis.rule import Rule
from monitor.diagnosis.service_rules import SERVICE_RULES

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*NETWORK_RULES, *SERVICE_RULES, *DATA_RULES, *REALTIME_RULES, *JOURNEY_RULES),
        key=lambda rule: list(Cause).index(rule.cause),
    )
)
RULE_OF = {rule.cause: rule for rule in RULES}
