import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.redaction import Redactor
from monitor.sinks.payload import MAX_TEXT_CHARACTERS, MOST_FINDINGS, clean, cut, encode, plain, smallest_loss, trimmed
from tests.sinks.events import finding, incident

_ANY_TEXT = st.text(st.characters())


@given(_ANY_TEXT, st.integers(min_value=3, max_value=200))
def test_a_cut_text_is_whole_characters_and_fits(text: str, max_bytes: int) -> None:
    shortened = cut(text, max_bytes)

    assert len(shortened.encode()) <= max_bytes
    assert shortened == text.encode("utf-8", "replace").decode() or shortened.endswith("…")


def test_a_cut_within_a_family_leaves_no_joiner_behind() -> None:
    assert cut("👩‍👩‍👧‍👦 and more", 11) == "👩…"


@pytest.mark.parametrize("overlap", [1, 5, 19])
def test_half_a_secret_does_not_stay_where_a_text_was_cut(overlap: int) -> None:
    secret = "secret-of-20-letters"
    text = "." * (MAX_TEXT_CHARACTERS - overlap) + secret + "." * 100

    cleaned = clean(text, Redactor([secret]))

    assert secret[:overlap] not in cleaned.removesuffix("…")
    assert len(cleaned) > MAX_TEXT_CHARACTERS // 2


def test_line_breaks_stay_and_other_control_characters_do_not() -> None:
    assert clean("a\x00\x1b[31mb\r\n\tc\x7f", str) == "a??[31mb?\n\tc?"


@pytest.mark.slow
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | _ANY_TEXT,
        lambda values: st.lists(values, max_size=4) | st.dictionaries(_ANY_TEXT, values, max_size=4),
        max_leaves=20,
    )
)
def test_whatever_it_was_it_is_json_afterwards(value: Any) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(encode(plain(value, Redactor())).decode("utf-8"), parse_constant=refuse)


def test_names_are_ours_and_what_servers_said_is_not() -> None:
    redact = Redactor(["fra1"])
    value = {"location": "fra1", "message": "fra1", "evidence": {"location": "fra1"}}

    assert plain(value, redact) == {
        "location": "fra1",
        "message": "[redacted]",
        "evidence": {"location": "[redacted]"},
    }


def test_the_first_form_that_fits_is_taken() -> None:
    forms = (lambda: "x" * 30, lambda: "x" * 10, lambda: "x")

    assert smallest_loss(forms, max_bytes=12) == b'"xxxxxxxxxx"'
    assert smallest_loss(forms, max_bytes=1) == b'"x"'


def test_of_very_many_findings_the_first_are_kept_and_the_others_counted() -> None:
    of_many, left_out = trimmed(incident(findings=tuple(finding(check=f"c-{number}") for number in range(1000))))

    assert of_many.checks == tuple(f"c-{number}" for number in range(MOST_FINDINGS))
    assert left_out == 1000 - MOST_FINDINGS
    assert [bool(each.outcome) for each in of_many.findings] == [True] * 20 + [False] * (MOST_FINDINGS - 20)
    assert trimmed(incident()) == (incident(), 0)
