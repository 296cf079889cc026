import pytest

from tests.config.example import CHECK, GOOD, SECRET, load, problems


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "reader: customer",
            "reader: custommer",
            "18:42: checks.flow.reader: identity custommer is not declared: did you mean customer?",
            id="unknown-identity",
        ),
        pytest.param(
            "reader: customer",
            "eavesdroppers: [guest, nobody]",
            "18:57: checks.flow.eavesdroppers[1]: identity nobody is not declared: expected guest or customer,"
            " or declare it under identities",
            id="unknown-identity-in-a-list",
        ),
        pytest.param(
            CHECK + "  flow: {kind: probe, every: 2m, reader: customer}",
            CHECK + "  flow: {kind: login, pin: abcd, access: {stranger: denied}}",
            "18:43: checks.flow.access.stranger: identity stranger is not declared: expected guest or customer,"
            " or declare it under identities",
            id="unknown-identity-as-a-key",
        ),
        pytest.param(
            "  guest: {kind: guest}\n",
            "",
            "13:3: checks.chat-delivery.identity: identity guest, the default, is not declared: expected customer, or"
            " declare it under identities"
            "\n17:3: checks.flow.identity: identity guest, the default, is not declared: expected customer, or"
            " declare it under identities",
            id="default-identity-at-the-check",
        ),
        pytest.param(
            "  customer:\n    kind: user\n    user_id: c1\n",
            "  key: {kind: guest}\n  customer: {kind: guest}\n",
            "10:3: identities.key: the name is taken by the server key of the target: rename it",
            id="reserved-identity",
        ),
        pytest.param(
            f"  api_key: {SECRET}\n",
            "",
            "10:11: identities.customer.kind: an identity of kind user needs the server key: add target.api_key or"
            " target.api_key_file",
            id="user-without-key",
        ),
        pytest.param(
            f"  api_key: {SECRET}\nlocation: fra1\nidentities:\n  guest: {{kind: guest}}\n  customer:\n    kind: user\n"
            f"    user_id: c1\nchecks:\n  chat-delivery:\n    kind: probe\n",
            "identities: {guest: {kind: guest}, customer: {kind: guest}}"
            "\nchecks:"
            "\n  chat-delivery:"
            "\n    kind: probe"
            "\n    reader: key"
            "\n",
            "10:13: checks.chat-delivery.reader: identity 'key' is the server key: add target.api_key or"
            " target.api_key_file",
            id="key-as-identity-without-key",
        ),
        pytest.param(
            "reader: customer",
            "identity: key",
            "18:44: checks.flow.identity: the server key proves nothing about users, and realtime takes it for a guest:"
            " name a user",
            id="key-where-access-is-judged",
        ),
    ],
)
def test_refuses_who_cannot_act(old: str, new: str, expected: str) -> None:
    text = GOOD.replace(old, new, 1)

    found = problems(text)

    assert text != GOOD
    assert found == expected.split("\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("    kind: user\n    user_id: c1\n", "    kind: anonymous\n", id="anonymous-with-key"),
        pytest.param("reader: customer", "reader: key", id="key-as-identity"),
        pytest.param("reader: customer", "reader: null", id="optional-identity"),
    ],
)
def test_accepts_who_can_act(old: str, new: str) -> None:
    text = GOOD.replace(old, new, 1)

    settings = load(text)

    assert text != GOOD
    assert list(settings.checks) == ["chat-delivery", "flow"]
