"""
Windows that recur.
"""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from monitor.incidents.settings import Maintenance


def window(**settings: object) -> Maintenance:
    return Maintenance.model_validate({"at": "02:00", "for": "1h", **settings})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("settings", "now", "until"),
    [
        pytest.param({}, "2026-01-23 01:59:59", None, id="before"),
        pytest.param({}, "2026-01-23 02:00:00", "2026-01-23 03:00:00", id="at-its-beginning"),
        pytest.param({}, "2026-01-23 03:00:00", None, id="at-its-end"),
        pytest.param({"days": ["fri"]}, "2026-01-23 02:30:00", "2026-01-23 03:00:00", id="on-its-day"),
        pytest.param({"days": ["sat"]}, "2026-01-23 02:30:00", None, id="on-another-day"),
        pytest.param(
            {"at": "23:30", "days": ["fri"]}, "2026-01-24 00:15:00", "2026-01-24 00:30:00", id="over-midnight"
        ),
        pytest.param({"for": "3d", "days": ["fri"]}, "2026-01-25 23:00:00", "2026-01-26 02:00:00", id="over-days"),
        pytest.param({"timezone": "Europe/Berlin"}, "2026-01-23 01:30:00", "2026-01-23 02:00:00", id="in-winter"),
        pytest.param({"timezone": "Europe/Berlin"}, "2026-07-24 00:30:00", "2026-07-24 01:00:00", id="in-summer"),
        # The clocks go forward at 2:00, so that 2:00 does not exist; it lasts an hour all the same.
        pytest.param({"timezone": "Europe/Berlin"}, "2026-03-29 01:30:00", "2026-03-29 02:00:00", id="clocks-change"),
    ],
)
def test_a_window_is_open_when_it_should_be(settings: dict[str, object], now: str, until: str | None) -> None:
    assert window(**settings).until(at(now)) == (at(until) if until else None)


@pytest.mark.parametrize(
    "settings", [{"at": "2:00"}, {"at": "24:00"}, {"timezone": "Mars/Base"}, {"for": "8d"}, {"days": []}, {"for": "1s"}]
)
def test_a_window_that_cannot_be_is_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        window(**settings)
