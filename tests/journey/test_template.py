"""
Made-up texts, times and numbers: different in every run, and nothing that the platform's own rules object to.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.leftover import MARK
from monitor.core.target import appwrite_id
from monitor.journey.profiles import NAMES, _built_in
from monitor.journey.template import PLACEHOLDERS, fill, fill_all, made_up, placeholders_in
from monitor.sandbox.functions.contacts import violation_in

NOW = datetime(2026, 1, 23, 9, 30, 15, 123456, tzinfo=UTC)
TEXTS = 10_000

# What the platform's filter takes for a way to meet elsewhere, as strictly as booking-platform.md 2.6 tells it.
_NUMBERS = (
    "zero one two three four five six seven eight nine ten nol satu dua tiga empat lima enam tujuh delapan sembilan"
)
_FORBIDDEN = {
    "a long run of digits": re.compile(r"\d{8,}"),
    "an at sign": re.compile("@"),
    "a contact word": re.compile(r"(?i)\b(?:wa|ig|insta|telegram|tele|tg|line|fb)"),
    "a number word": re.compile(rf"(?i)\b(?:{'|'.join(_NUMBERS.split())})\b"),
    "a digit": re.compile(r"\d"),
}


@pytest.mark.slow
def test_ten_thousand_texts_pass_every_filter_and_no_two_are_one() -> None:
    facts = [made_up(NOW) for _ in range(TEXTS // 2)]
    texts = [each[name] for each in facts for name in ("text", "reply")]

    flaws = {name for text in texts for name, pattern in _FORBIDDEN.items() if pattern.search(text)}

    assert flaws == set()
    assert {violation_in(text) for text in texts} == {None}
    assert len(set(texts)) == TEXTS


def test_a_text_bears_the_mark_and_can_be_looked_for_as_an_id() -> None:
    facts = made_up(NOW)

    for name in ("text", "reply"):
        assert facts[name].startswith(MARK)
        assert appwrite_id(facts[name]) == facts[name]
        assert len(facts[name]) == 36


@pytest.mark.parametrize("name", NAMES)
def test_what_a_profile_writes_for_people_to_read_passes_the_filter(name: str) -> None:
    written = [part["data"] for part in _built_in(name).values() if isinstance(part, dict) and "data" in part]
    texts = [value for data in written for value in data.values() if isinstance(value, str) and " " in value]

    assert {violation_in(text) for text in texts} <= {None}
    assert not [text for text in texts if re.search(r"\d|@", text)]


def test_numbers_are_of_the_range_for_fiction() -> None:
    numbers = {made_up(NOW)["whatsapp"] for _ in range(500)}

    assert len(numbers) > 400
    # NANP: area codes begin with 2 to 9, 555-0100 to 555-0199 are nobody's, and 8 to 15 digits are a number.
    assert all(re.fullmatch(r"\+1[2-9]\d{2}55501\d\d", number) for number in numbers)


def test_times_are_ahead_and_hardly_ever_meet() -> None:
    starts = [made_up(NOW)["start"] for _ in range(500)]

    moments = [datetime.fromisoformat(start) for start in starts]
    assert min(moments) > NOW + timedelta(hours=23)
    assert max(moments) < NOW + timedelta(days=32)
    assert len(set(starts)) == len(starts)


def test_the_deadline_leaves_the_therapist_five_minutes() -> None:
    facts = made_up(NOW)

    assert facts["now"] == "2026-01-23T09:30:15.123+00:00"
    assert facts["deadline"] == "2026-01-23T09:35:15.123+00:00"


def test_fills_what_it_knows_at_any_depth_and_leaves_what_it_does_not() -> None:
    facts = {"customer": "c1", "therapist": "t1"}
    value = {
        "id": "{customer}_{therapist}",
        "list": ["{customer}", 7, {"in": "{nobody}"}],
        "json": '{"a": 1}',
        "flag": True,
    }

    filled = fill(value, facts)

    assert filled == {"id": "c1_t1", "list": ["c1", 7, {"in": "{nobody}"}], "json": '{"a": 1}', "flag": True}
    assert list(placeholders_in(value)) == ["customer", "therapist", "customer", "nobody"]
    assert fill_all({"a": "{customer}"}, facts) == {"a": "c1"}


def test_what_is_filled_in_is_not_filled_again() -> None:
    assert fill("{customer}", {"customer": "{therapist}", "therapist": "t1"}) == "{therapist}"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(value=_JSON)
def test_whatever_holds_no_placeholder_stays_as_it_is(value: object) -> None:
    known = set(placeholders_in(value)) & PLACEHOLDERS.keys()

    assert known or fill(value, dict.fromkeys(PLACEHOLDERS, "x")) == value
