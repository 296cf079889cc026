"""
Regular expressions: found like Python finds them, refused when they would need backtracking, never slow.
"""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.sandbox.state.pattern import MAX_PATTERN_CHARS, Pattern

PARTS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", "(?:a|b)", "(ab)", "^", "$", "|"])
QUANTIFIERS = st.sampled_from(["", "*", "+", "?", "*?", "{2}", "{1,}", "{0,2}"])
PATTERNS = st.lists(st.tuples(PARTS, QUANTIFIERS), max_size=6).map(
    lambda parts: "".join(part if part in "^$|" else part + quantifier for part, quantifier in parts)
)


@settings(deadline=None)
@given(pattern=PATTERNS, text=st.text("abAB1", max_size=8))
def test_finds_what_a_backtracking_matcher_finds(pattern: str, text: str) -> None:
    expected = re.search(pattern, text, re.IGNORECASE) is not None

    assert Pattern(pattern).found_in(text) == expected, pattern


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("(a", id="open-group"),
        pytest.param("a)", id="closed-group"),
        pytest.param("*a", id="nothing-to-repeat"),
        pytest.param("[a", id="open-class"),
        pytest.param("[b-a]", id="empty-range"),
        pytest.param("a{2,1}", id="turned-bounds"),
        pytest.param("a{999}", id="many-times"),
        pytest.param("(?=a)", id="look-ahead"),
        pytest.param(r"(a)\1", id="reference"),
        pytest.param(r"\bword", id="boundary"),
        pytest.param("((a{99}){99})", id="too-large"),
        pytest.param("a" * (MAX_PATTERN_CHARS + 1), id="too-long"),
        pytest.param("a\\", id="open-escape"),
    ],
)
def test_refuses_what_is_malformed_too_large_or_needs_backtracking(pattern: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Pattern(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "a*a*a*a*a*b", "(a*)*b"])
def test_is_not_slowed_down_by_what_freezes_a_backtracking_matcher(pattern: str) -> None:
    began = time.process_time()

    assert not Pattern(pattern).found_in("a" * 2_000 + "!")

    assert time.process_time() - began < 0.2
