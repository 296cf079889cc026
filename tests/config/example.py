"""
The configuration that these tests change in one place, and the kinds it uses.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import Field, SecretStr, model_validator

from monitor.config import Settings, load_settings
from monitor.core.check import Check, IdentityName, IdentityOrKey
from monitor.core.duration import Duration
from monitor.core.errors import ConfigError
from monitor.registry import Registry

SECRET = "hunter2-and-more"


class Probe(Check):
    timeout_seconds: Duration = Field(default=5.0, ge=0.1)
    collection: str = "bookings"
    identity: IdentityName = "guest"
    reader: IdentityOrKey | None = None
    eavesdroppers: tuple[IdentityName, ...] = ()
    objective_seconds: Duration | None = Field(default=None, ge=0.001, le=60)
    count: int = Field(default=1, ge=1, le=9)
    ratio: float = 0.5
    headers: Mapping[str, str] = Field(default_factory=dict)
    session_token: SecretStr | None = None

    @model_validator(mode="after")
    def _readers_differ(self) -> "Probe":
        if self.reader is not None and self.reader == self.identity:
            raise ValueError("reader and identity are the same: name two")
        return self


class Login(Check):
    pin: SecretStr
    access: Mapping[IdentityName, str] = Field(default_factory=dict)


REGISTRY = Registry(
    kinds={"probe": Probe, "login": Login}, problems={"broken": "kind 'broken' cannot be loaded: ImportError: nats"}
)

GOOD = f"""\
target:
  name: production
  endpoint: https://host/v1
  project: p1
  database: main
  api_key: {SECRET}
location: fra1
identities:
  guest: {{kind: guest}}
  customer:
    kind: user
    user_id: c1
checks:
  chat-delivery:
    kind: probe
    every: 60s
    timeout: 15s
  flow: {{kind: probe, every: 2m, reader: customer}}
"""
KEY_LINE = f"  api_key: {SECRET}\n"
CHECK = "    timeout: 15s\n"


def load(text: str = GOOD, environ: Mapping[str, str] | None = None) -> Settings:
    path = Path("monitor.yaml")
    path.write_text(text, encoding="utf-8")
    return load_settings(path, REGISTRY, environ or {})


def problems(text: str = GOOD, environ: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as refusal:
        load(text, environ)
    assert SECRET not in str(refusal.value)
    return [problem.removeprefix("monitor.yaml:") for problem in refusal.value.problems]


def key_of(settings: Settings) -> str | None:
    return settings.target.api_key.get_secret_value() if settings.target.api_key else None


def probe_of(settings: Settings, name: str) -> Probe:
    check = settings.checks[name]
    assert isinstance(check, Probe)
    return check
