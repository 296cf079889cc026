import pytest
from pydantic import ValidationError

from monitor.config import Settings
from monitor.core.target import Target
from tests.config.example import CHECK, GOOD, SECRET, load


def test_fills_in_the_defaults() -> None:
    settings = load(GOOD.replace("location: fra1\n", ""))

    assert settings.location == "local"
    assert (settings.engine.concurrency, settings.engine.clean_up_seconds) == (50, 5.0)
    assert settings.web.listen == "127.0.0.1:9464"
    assert (settings.log.level, settings.log.format) == ("info", "auto")


def test_settings_cannot_be_changed() -> None:
    settings = load()

    with pytest.raises(ValidationError, match="frozen"):
        settings.location = "elsewhere"  # type: ignore[misc]


def test_settings_built_by_hand_read_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCATION", "elsewhere")
    target = Target(name="t", endpoint="https://host/v1", project="p", database="d")

    settings = Settings(target=target, checks={})

    assert settings.location == "local"


def test_settings_do_not_show_their_secrets() -> None:
    inner = "    session_token: another-secret\n"

    settings = load(GOOD.replace(CHECK, CHECK + inner))

    assert SECRET not in repr(settings)
    assert "another-secret" not in repr(settings)
