"""
The rules on what the sections ``alerts`` and ``sinks`` say of each other, and of checks.
"""

from monitor.config.draft import Draft
from monitor.config.settings import Settings
from monitor.config.wording import choice, did_you_mean
from monitor.incidents.silence import matches

# What carries incidents: the heartbeat carries none.
_CARRIERS = ("sentry", "pagerduty", "alertmanager", "webhook", "slack")


def judge_alerting(draft: Draft, settings: Settings) -> None:
    """
    Refuse windows for checks that are not there, canary pages through sinks that are not, and half a password.
    """
    for name, window in settings.alerts.maintenance.items():
        for index, pattern in enumerate(window.checks):
            if not any(matches(check, [pattern]) for check in settings.checks):
                message = f"no check is called {pattern!r}{did_you_mean(pattern, settings.checks)}"
                draft.refuse(("alerts", "maintenance", name, "checks", index), message)
    _judge_canary(draft, settings)
    alertmanager = settings.sinks.alertmanager
    if alertmanager is not None and (alertmanager.username is None) is not (alertmanager.password is None):
        there = "username" if alertmanager.password is None else "password"
        lacks = "password" if there == "username" else "username"
        draft.refuse(("sinks", "alertmanager", there), f"is given without {lacks}: give both, or neither")


def _judge_canary(draft: Draft, settings: Settings) -> None:
    canary = settings.alerts.canary
    if canary is None:
        return
    route = ("alerts", "canary")
    configured = [name for name in _CARRIERS if getattr(settings.sinks, name) is not None]
    for index, sink in enumerate(canary.sinks):
        if sink not in configured:
            expected = choice(configured) if configured else "a sink that is configured under sinks"
            there = (*route, "sinks", index) if "sinks" in canary.model_fields_set else route
            draft.refuse(there, f"no sink {sink!r} is configured: expected {expected}")
    pagerduty = settings.sinks.pagerduty
    can_be_asked = pagerduty is not None and pagerduty.api_token is not None
    if canary.acknowledged and not (can_be_asked and set(canary.sinks) == {"pagerduty"}):
        message = "an acknowledgement can only be read back of pagerduty, with sinks.pagerduty.api_token: give both"
        draft.refuse((*route, "acknowledged"), message)
    if canary.within_seconds >= canary.every_seconds:
        draft.refuse((*route, "within"), "must be shorter than every: a page has to be over before the next")
