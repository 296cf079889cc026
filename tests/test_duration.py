import pytest

from monitor.core.duration import parse_duration, show_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("500ms", 0.5), ("30s", 30.0), ("2m", 120.0), ("1h30m", 5400.0), ("1.5s", 1.5), ("7d", 604800.0)],
)
def test_reads_what_people_write(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("value", ["", "30", "s", "3 s", "-3s", "1e3s", "3sec", "3s!", 30, 3.5, None, True, "٣s"])
def test_refuses_what_has_no_unit_or_no_meaning(value: object) -> None:
    with pytest.raises(ValueError, match="duration with a unit"):
        parse_duration(value)


@pytest.mark.parametrize("text", ["8d", "169h", "9" * 400 + "d"])
def test_refuses_more_than_a_week(text: str) -> None:
    with pytest.raises(ValueError, match="must be at most 7d"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "0ms"), (9e-6, "9µs"), (0.0123, "12.3ms"), (0.5, "500ms"), (1.25, "1.25s"), (90.0, "90s"), (120.0, "2m")],
)
def test_writes_what_people_read(seconds: float, text: str) -> None:
    assert show_duration(seconds) == text
