from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from monitor.config import load_settings
from monitor.core.check import Check, IdentityName, IdentityOrKey, Watch
from monitor.core.cost import Cost, Limited
from monitor.core.errors import ConfigError
from monitor.registry import Registry


class Writes(Check):
    writer: IdentityOrKey = "customer"
    creates: int = 0
    deletes: int = 0
    connects: int = 0
    others: Mapping[IdentityName, str] = Field(default_factory=dict)

    def costs(self) -> tuple[Cost, ...]:
        return (
            Cost(what=Limited.CREATES, count=self.creates, identity=self.writer),
            Cost(what=Limited.DELETES, count=self.deletes, identity=self.writer),
            Cost(what=Limited.CONNECTS, count=self.connects),
        )


class Holds(Watch):
    connects: int = 1

    def costs(self) -> tuple[Cost, ...]:
        return (Cost(what=Limited.CONNECTS, count=self.connects),)


REGISTRY = Registry(kinds={"writes": Writes, "holds": Holds})
WITHOUT_KEY = """\
target: {name: t, endpoint: https://host/v1, project: p, database: main}
identities:
  login: {kind: password, email: a@example.com, password: hunter2}
checks:
"""
CONFIG = """\
target: {name: t, endpoint: https://host/v1, project: p, database: main, api_key: standard_secret}
identities:
  guest: {kind: guest}
  visitor: {kind: guest}
  customer: {kind: user, user_id: c1}
  same: {kind: user, user_id: c1}
  therapist: {kind: user, user_id: t1}
  login: {kind: password, email: a@example.com, password: hunter2}
  passer-by: {kind: anonymous}
  walk-in: {kind: anonymous}
checks:
"""


def problems(checks: Mapping[str, str], config: str = CONFIG) -> list[str]:
    path = Path("monitor.yaml")
    path.write_text(config + "".join(f"  {name}: {{{settings}}}\n" for name, settings in checks.items()))
    try:
        load_settings(path, REGISTRY, {})
    except ConfigError as error:
        return [problem.removeprefix("monitor.yaml:") for problem in error.problems]
    return []


def writes(creates: int, every: str = "60s", **settings: Any) -> str:
    return ", ".join(
        ["kind: writes", f"every: {every}", "timeout: 500ms", f"creates: {creates}"]
        + [f"{key}: {value}" for key, value in settings.items()]
    )


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        pytest.param(
            {"flow": writes(12), "chat": writes(20, "20s"), "page": writes(19)},
            "13:3: checks.chat: 3 checks send 91 document creates as 'customer' a minute, expected at most 90"
            " (Appwrite refuses more than 120): chat 20 x 3/min = 60, page 19 x 1/min = 19 and 1 more: raise every, or"
            " send less",
            id="three-checks-as-one-user",
        ),
        pytest.param(
            {"chat": writes(23, "15s")},
            "12:3: checks.chat: it sends 92 document creates as 'customer' a minute, expected at most 90 (Appwrite"
            " refuses more than 120): chat 23 x 4/min = 92: raise every, or send less",
            id="one-check-too-often",
        ),
        pytest.param(
            {"chat": writes(91, "5m")},
            "12:3: checks.chat: one run sends 91 document creates as 'customer', expected at most 90 (Appwrite"
            " refuses more than 120 a minute): have it send less",
            id="one-run-too-much",
        ),
        pytest.param(
            {"chat": writes(60), "flow": writes(31, writer="same")},
            "12:3: checks.chat: 2 checks send 91 document creates as 'customer' a minute, expected at most 90"
            " (Appwrite refuses more than 120): chat 60 x 1/min = 60, flow 31 x 1/min = 31: raise every, or send less",
            id="two-names-of-one-user",
        ),
        pytest.param(
            {"chat": writes(60, writer="guest"), "flow": writes(31, writer="visitor")},
            "12:3: checks.chat: 2 checks send 91 document creates as 'guest' a minute, expected at most 90"
            " (Appwrite refuses more than 120): chat 60 x 1/min = 60, flow 31 x 1/min = 31: raise every, or send less",
            id="guests-are-one-user",
        ),
        pytest.param(
            {"chat": writes(0, "30s", deletes=23)},
            "12:3: checks.chat: it sends 46 document deletes as 'customer' a minute, expected at most 45 (Appwrite"
            " refuses more than 60): chat 23 x 2/min = 46: raise every, or send less",
            id="deletes",
        ),
        pytest.param(
            {"chat": writes(50, "7m"), "flow": writes(84)},
            "13:3: checks.flow: 2 checks send 91.2 document creates as 'customer' a minute, expected at most 90"
            " (Appwrite refuses more than 120): flow 84 x 1/min = 84, chat 50 x 0.143/min = 7.14: raise every, or send"
            " less",
            id="less-than-one-run-a-minute",
        ),
        pytest.param(
            {"chat": writes(0, "5s", connects=7), "held": "kind: holds, every: 10m, connects: 7"},
            "12:3: checks.chat: 2 checks send 91 socket connects a minute, expected at most 90 (Appwrite refuses more"
            " than 128): chat 7 x 12/min = 84, held 7/min: raise every, or send less",
            id="a-watch-by-the-minute",
        ),
        pytest.param(
            {
                "chat": writes(0, "2m", writer="passer-by"),
                "flow": writes(0, "4m", others="{passer-by: x, walk-in: y}"),
                "page": writes(0, "5s", others="{guest: x}"),
            },
            "12:3: checks.chat: 2 checks send 60 anonymous sign-ins an hour, expected at most 45 (Appwrite refuses more"
            " than 50): chat 1 x 30/h = 30, flow 2 x 15/h = 30: raise every, or send less",
            id="anonymous-sign-ins",
        ),
    ],
)
def test_refuses_what_appwrite_would_with_the_arithmetic(checks: Mapping[str, str], expected: str) -> None:
    assert problems(checks) == [expected]


@pytest.mark.parametrize(
    "checks",
    [
        pytest.param({f"chat-{number}": writes(18) for number in range(5)}, id="just-right"),
        pytest.param({f"chat-{number}": writes(9, "42s") for number in range(7)}, id="just-right-in-fractions"),
        pytest.param({"chat": writes(90), "flow": writes(90, writer="therapist")}, id="two-users"),
        pytest.param({"chat": writes(90), "flow": writes(90, writer="login")}, id="a-password-is-somebody-else"),
        pytest.param({"chat": writes(1000, writer="key")}, id="the-key-is-not-limited"),
        pytest.param({"chat": writes(90, deletes=45, connects=90)}, id="each-limit-of-its-own"),
        pytest.param({"held": "kind: holds, every: 1s, timeout: 500ms, connects: 90"}, id="a-watch-does-not-repeat"),
        pytest.param({"chat": writes(0, "80s", writer="passer-by")}, id="45-anonymous-sign-ins-an-hour"),
    ],
)
def test_accepts_what_appwrite_does(checks: Mapping[str, str]) -> None:
    assert problems(checks) == []


def test_without_the_key_a_password_identity_costs_a_sign_out_each_run() -> None:
    often, seldom = ({"chat": writes(0, every, writer="login")} for every in ("30s", "40s"))

    assert problems(often, WITHOUT_KEY) == [
        "5:3: checks.chat: it sends 120 sign-outs an hour, expected at most 90 (Appwrite refuses more than 100): chat 1"
        " x 120/h = 120: raise every, or send less"
    ]
    assert problems(seldom, WITHOUT_KEY) == problems(often) == []


def test_a_message_has_room_for_its_remedy_whatever_the_checks_are_called() -> None:
    found = problems({f"{number}-{'very-' * 10}long": writes(4) for number in range(30)})

    assert len(found) == 1
    assert found[0].endswith(" 4 x 1/min = 4 and 29 more: raise every, or send less")
    assert "30 checks send 120 document creates" in found[0]


def test_every_limit_is_refused_at_its_dearest_check() -> None:
    found = problems({"chat": writes(101, "1h"), "page": writes(1, deletes=51, every="1h")})

    assert [problem.partition(": ")[2].partition(":")[0] for problem in found] == ["checks.chat", "checks.page"]
