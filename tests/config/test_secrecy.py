import pytest

from tests.config.example import GOOD, SECRET, problems

# Never the value of a secret field, so that nothing but its place can hide it.
OTHER = "qwertz-and-less"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(f"api_key: {SECRET}", f"api_keyy: {OTHER}", id="unknown-key"),
        pytest.param(f"api_key: {SECRET}", f"api_key: [{OTHER}]", id="list-instead-of-secret"),
        pytest.param(f"api_key: {SECRET}", f"api_key: {{a: {OTHER}}}", id="mapping-instead-of-secret"),
        pytest.param(f"api_key: {SECRET}", f"api_key:{OTHER}", id="no-space-after-the-colon"),
        pytest.param("{kind: guest}", f"{{kind: guest, password:{OTHER}}}", id="no-space-after-the-colon-in-flow"),
        pytest.param("{kind: guest}", f"password:{OTHER}", id="no-space-after-the-colon-of-a-value"),
        pytest.param("{kind: guest}", OTHER, id="value-instead-of-mapping"),
        pytest.param("location: fra1", f"location: the password is {OTHER}", id="text-that-sounds-like-one"),
        pytest.param("https://host/v1", f"https://user:{OTHER}@host/v1", id="user-in-the-endpoint"),
        pytest.param("https://host/v1", f"user:{OTHER}@host/v1", id="user-in-an-endpoint-without-scheme"),
        pytest.param("reader: customer", f"session_tokn: {OTHER}", id="unknown-key-of-a-check"),
        pytest.param("reader: customer", f"pin: {OTHER}", id="secret-of-another-kind"),
        pytest.param("reader: customer", f"session_token: !!binary {OTHER}", id="tag"),
        pytest.param("\nchecks:", f"\n  pw: {{kind: password, email: a, password: {OTHER}}}\nchecks:", id="password"),
    ],
)
def test_no_message_ever_holds_a_secret(old: str, new: str) -> None:
    text = GOOD.replace(old, new, 1)

    found = problems(text)

    assert OTHER not in " ".join(found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("name: production", f"name: Pro {SECRET}", id="text"),
        pytest.param("kind: user\n", f"kind: {SECRET}\n", id="kind"),
        pytest.param("reader: customer", f"reader: {SECRET}", id="identity"),
    ],
)
def test_a_known_secret_is_hidden_wherever_else_it_stands(old: str, new: str) -> None:
    text = GOOD.replace(old, new, 1)

    found = problems(text)

    assert "***" in found[0]


def test_an_appwrite_key_in_the_wrong_place_is_not_shown() -> None:
    key = "standard_" + "0123456789abcdef" * 16

    found = problems(GOOD.replace("project: p1", f"project: {key}"))

    assert len(found) == 1
    assert "0123456789abcdef" not in found[0]
