from datetime import UTC, datetime, timedelta

import pytest

from monitor.incidents.settings import Alerts
from monitor.incidents.silence import Hush, Silence
from tests.sinks.events import finding, incident

# A Friday.
NOW = datetime(2026, 1, 23, 9, 30, tzinfo=UTC)


def silence(checks: str, *, since: int = 0, until: int) -> Silence:
    """
    Return a silence that begins and ends so many minutes from now.
    """
    return Silence(
        id="s",
        checks=(checks,),
        since=NOW + timedelta(minutes=since),
        until=NOW + timedelta(minutes=until),
        reason="r",
        by="ada",
    )


@pytest.mark.parametrize(
    ("silences", "minutes"),
    [
        pytest.param([silence("chat-*", until=30)], 30, id="one-for-both"),
        pytest.param([silence("chat-a", until=30), silence("chat-b", until=20)], 20, id="the-first-to-be-heard"),
        pytest.param([silence("*", until=10), silence("chat-*", until=30)], 30, id="the-longest-of-each"),
        pytest.param([silence("chat-a", until=30)], None, id="one-is-heard"),
        pytest.param([silence("*", until=0)], None, id="over-at-its-end"),
        pytest.param([silence("*", since=1, until=30)], None, id="not-yet"),
        pytest.param([], None, id="none"),
    ],
)
def test_an_incident_is_silent_until_the_first_of_its_checks_is_heard(
    silences: list[Silence], minutes: int | None
) -> None:
    hush = Hush(Alerts(), silences)
    found = incident(findings=(finding(check="chat-a"), finding(check="chat-b")))

    until = hush.until(found, NOW)

    assert until == (None if minutes is None else NOW + timedelta(minutes=minutes))
    assert hush.covers(found, NOW) is (minutes is not None)


def test_a_window_of_maintenance_counts_like_a_silence() -> None:
    alerts = Alerts.model_validate({"maintenance": {"nightly": {"at": "09:00", "for": "1h", "checks": ["chat-a"]}}})
    hush = Hush(alerts, [silence("chat-b", until=90)])
    found = incident(findings=(finding(check="chat-a"), finding(check="chat-b")))

    assert hush.until(found, NOW) == NOW + timedelta(minutes=30)
