"""
What is wrong though pydantic would take it: values that contradict others, and some that look right.
"""

from collections.abc import Mapping

from monitor.config.draft import Draft
from monitor.config.identities import judge_declared, judge_used
from monitor.config.route import UNUSABLE, leaves
from monitor.config.wording import MUST_BE_MAPPING, MUST_BE_NUMBER, choice, did_you_mean, show
from monitor.core.duration import show_duration


def judge(draft: Draft) -> None:
    """
    Note what every rule finds wrong; where pydantic found something already, that stays.
    """
    for rule in _RULES:
        rule(draft)


def _judge_kinds(draft: Draft) -> None:
    checks = draft.data.get("checks")
    if checks == {}:
        draft.refuse(("checks",), "no check is configured: add one, `monitor checks` lists the kinds")
    for name, raw in checks.items() if isinstance(checks, dict) else ():
        if not isinstance(raw, dict):
            got = "a list" if isinstance(raw, list) else "a single value"
            if raw is not UNUSABLE:
                draft.refuse(("checks", name), f"{MUST_BE_MAPPING}, got {got}: begin with its kind")
            continue
        if "name" in raw:
            message = "unknown key: the name of a check is its key under checks"
            draft.refuse(("checks", name, "name"), message, of_key=True)
        if raw.get("kind") is not UNUSABLE and draft.kind(raw.get("kind")) is None:
            draft.refuse(("checks", name, "kind"), _unknown_kind(draft, raw))


def _unknown_kind(draft: Draft, raw: Mapping[str, object]) -> str:
    kinds = sorted(draft.registry.kinds)
    if "kind" not in raw:
        return f"is missing: expected {choice(kinds)}"
    kind = raw["kind"]
    if isinstance(kind, str) and kind in draft.registry.problems:
        return draft.registry.problems[kind]
    return f"must be {choice(kinds)}, got {show(kind)}{did_you_mean(kind, kinds)}"


def _judge_times(draft: Draft) -> None:
    for name, raw in draft.checks():
        every, timeout = draft.seconds(raw, "every"), draft.seconds(raw, "timeout")
        if every is None or timeout is None or timeout < every:
            continue
        shown_every, shown_timeout = show_duration(every), show_duration(timeout)
        if "timeout" in raw or "every" not in raw:
            message = f"must be shorter than every ({shown_every}), got {shown_timeout}: lower it, or raise every"
            draft.refuse(("checks", name, "timeout"), message)
        else:
            message = f"must be longer than timeout ({shown_timeout} by default), got {shown_every}"
            draft.refuse(("checks", name, "every"), f"{message}: raise it, or give a shorter timeout")


def _judge_endpoint(draft: Draft) -> None:
    route = ("target", "endpoint")
    endpoint = draft.at(route)
    if isinstance(endpoint, str) and not endpoint.rstrip("/").endswith("/v1"):
        message = f"must end in /v1, the version of the API, got {show(endpoint)}: write https://HOST/v1"
        draft.refuse(route, message)


def judge_values(draft: Draft) -> None:
    """
    Refuse what pydantic would take: true for 1, ``nan``, an empty secret.
    """
    for route, value in leaves(draft.data):
        if isinstance(value, bool):
            kinds = draft.shape(route).types
            if bool not in kinds and (int in kinds or float in kinds):
                draft.refuse(route, f"{MUST_BE_NUMBER}, got {show(value)}")
        elif value == "":
            if draft.shape(route).is_secret:
                draft.refuse(route, "is empty: give the value, or remove the key")
        elif str(value).lower().lstrip("+-") in {"nan", "inf", "infinity"}:
            kinds = draft.shape(route).types
            if float in kinds and str not in kinds:
                draft.refuse(route, f"must be a finite number, got {show(value)}")


_RULES = (_judge_kinds, _judge_times, judge_declared, judge_used, _judge_endpoint, judge_values)
