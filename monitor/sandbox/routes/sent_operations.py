"""
The list of operations in the body of a call, which a transaction is to stage.
"""

from monitor.sandbox.errors import argument_invalid
from monitor.sandbox.protocol.family import Family
from monitor.sandbox.protocol.routing import Call
from monitor.sandbox.routes.planned import BULK, COUNTING, SINGLE, Fields, Plan
from monitor.sandbox.state.transactions import MAX_OPERATIONS

_ACTIONS = (*SINGLE, *BULK)
_WITHOUT_DATA = {"delete"}
_LONGEST_PLAN = 2 * MAX_OPERATIONS


def planned(call: Call, family: Family) -> list[Plan]:
    """
    Return the operations of a body; refuse a list of which one is no operation.
    """
    sent = call.fields.get("operations")
    if sent is None:
        return []
    if not isinstance(sent, list) or len(sent) > _LONGEST_PLAN:
        raise argument_invalid("operations", "Value must a valid array")
    return [_plan(each, family) for each in sent]


def _plan(sent: object, family: Family) -> Plan:
    problem = _problem(sent, family)
    if problem or not isinstance(sent, dict):
        raise argument_invalid("operations", f"Value must a valid array and {problem}")
    return Plan(
        action=str(sent["action"]),
        database_id=str(sent["databaseId"]),
        collection_id=str(sent[family.collection_id]),
        document_id=str(sent.get(family.document_id, "")),
        data=sent.get("data", {}),
    )


def _problem(sent: object, family: Family) -> str | None:
    if not isinstance(sent, dict):
        return "Value must be an array"
    required = ("databaseId", "action", family.collection_id)
    for key in required:
        if key not in sent:
            return f"Missing required key: {key}"
    for key in required:
        if not isinstance(sent[key], str) or not sent[key].strip():
            return f"Key '{key}' must be a non\u2011empty string"
    action = sent["action"]
    if action not in _ACTIONS:
        return f"Key 'action' must be one of: {', '.join(_ACTIONS)}"
    return _document_problem(sent, family) or _data_problem(sent, family)


def _document_problem(sent: Fields, family: Family) -> str | None:
    key, action = family.document_id, sent["action"]
    if key not in sent:
        return f"Key '{key}' is required for action '{action}'" if action in SINGLE else None
    given = sent[key]
    return None if isinstance(given, str) and given.strip() else f"Key '{key}' must be a non-empty string"


def _data_problem(sent: Fields, family: Family) -> str | None:
    action = sent["action"]
    if "data" not in sent:
        return None if action in _WITHOUT_DATA else "Missing required key: data"
    data = sent["data"]
    if not isinstance(data, dict | list):
        return "Key 'data' must be an array"
    held: Fields = data if isinstance(data, dict) else {}
    if action in COUNTING:
        return _counting_problem(held, family, action)
    if action in {"bulkUpdate", "bulkDelete"} and not isinstance(held.get("queries"), list):
        given = "queries" in held
        return f"Key 'queries' {'must be an array' if given else 'is required in data'} for {action}"
    if action == "bulkUpdate" and not isinstance(held.get("data"), dict):
        return f"Key 'data' is required in data for {action}"
    return None


def _counting_problem(data: Fields, family: Family, action: object) -> str | None:
    if family.attribute not in data:
        return f"Key '{family.attribute}' is required in data for {action}"
    return None if _is_number(data.get("value", 1)) else f"Key 'value' must be a numeric value for {action}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
