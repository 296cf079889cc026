import pytest
from pydantic import BaseModel, SecretStr

from monitor.core.redaction import MASK, Redactor, redact_texts, secrets_in

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOiJ4In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"sent {JWT} there", f"sent {MASK} there", id="json web token"),
        pytest.param("Authorization: Bearer abc.def-123", f"Authorization: Bearer {MASK}", id="bearer token"),
        pytest.param("api_key=hunter2hunter2", f"api_key={MASK}", id="key in a query"),
        pytest.param('{"password": "open sesame"}', f'{{"password": "{MASK}"}}', id="password in JSON"),
        pytest.param("{'secret': 'open, sesame; go'}", f"{{'secret': '{MASK}'}}", id="secret in a Python dict"),
        pytest.param(
            r'{"token": "open \"sesame\" now", "a": 1}', f'{{"token": "{MASK}", "a": 1}}', id="quotes within quotes"
        ),
        pytest.param(
            r'"{\"password\": \"open sesame\", \"a\": 1}"',
            rf'"{{\"password\": \"{MASK}\", \"a\": 1}}"',
            id="JSON in JSON",
        ),
        pytest.param('"password": "open ses…', f'"password": "{MASK}', id="a quote that was cut off"),
        pytest.param("standard_" + "ab" * 32, MASK, id="server key"),
        pytest.param("a_session_shop=eyJpZCI6InUi; path=/", f"a_session_{MASK}; path=/", id="session cookie"),
        pytest.param("mail to ann.lee@example.co.id now", f"mail to {MASK} now", id="e-mail address"),
        pytest.param("call +62 812 3456 7890 now", f"call {MASK} now", id="international phone number"),
        pytest.param("call 081234567890 now", f"call {MASK} now", id="national phone number"),
    ],
)
def test_masks_what_looks_like_a_secret(text: str, expected: str) -> None:
    assert Redactor()(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "collection 'bookings' answered 404, expected 200: check the id",
        "68f76ee1000e64ca8d05 at 2026-01-23T16:33:00.000+00:00, tick 176916078, 0.004123 s",
        "127.0.0.1:34991/v1/realtime was refused with 503",
        "the server key is wrong, or lost the scopes",
    ],
)
def test_leaves_ordinary_text_whole(text: str) -> None:
    assert Redactor()(text) == text


def test_masks_the_secrets_it_was_told_of_wherever_they_stand_the_longest_first() -> None:
    redact = Redactor(["opensesame", "opensesame-and-more"])

    assert redact("x=opensesame-and-more, y=opensesame") == f"x={MASK}, y={MASK}"


def test_masks_credentials_also_without_their_scheme() -> None:
    redact = Redactor(["Token opensesame-and-more"])

    assert redact("got opensesame-and-more") == f"got {MASK}"


def test_masks_every_text_of_a_list_or_tuple_and_leaves_the_rest() -> None:
    redact = Redactor(["opensesame"])

    masked = redact_texts(["opensesame", ("x opensesame", 7), None], redact)

    assert masked == [MASK, [f"x {MASK}", 7], None]


def test_finds_every_secret_in_nested_models() -> None:
    class Inner(BaseModel):
        password: SecretStr

    class Outer(BaseModel):
        key: SecretStr | None = None
        inner: dict[str, Inner]
        rest: tuple[Inner, ...] = ()

    secrets = secrets_in(
        Outer(
            key=SecretStr("one"), inner={"a": Inner(password=SecretStr("two"))}, rest=(Inner(password=SecretStr("3")),)
        )
    )

    assert list(secrets) == ["one", "two", "3"]


def test_a_text_without_end_is_masked_in_no_time() -> None:
    hostile = "x" * 200_000 + " password" * 1_000 + " a@b" * 1_000

    # Cut off by the limit of the suite when a pattern goes back over what it has seen.
    assert len(Redactor()(hostile)) <= len(hostile)
