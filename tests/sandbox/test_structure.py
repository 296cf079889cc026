"""
What data must look like: every type, its bounds and formats, lists, defaults, and the order of the complaints.
"""

from datetime import UTC, datetime

import pytest

from monitor.sandbox.errors import AppwriteError
from monitor.sandbox.state.schema import Attribute
from monitor.sandbox.state.structure import complete

NOW = datetime(2026, 11, 22, 14, 6, 50, tzinfo=UTC)
INT_32 = "signed 32-bit integer between -2,147,483,648 and 2,147,483,647"
INT_64 = "signed 64-bit integer between -9,223,372,036,854,775,808 and 9,223,372,036,854,775,807"
DATES = "Value must be valid date between 1000-01-01 00:00:00 and 9999-12-31 23:59:59."


def attribute(type_: str = "string", **given: object) -> Attribute:
    return Attribute(**{"key": "x", "type": type_, "size": 8, "created_at": "", **given})  # type: ignore[arg-type]


def check(attributes: list[Attribute], data: dict[str, object]) -> dict[str, object]:
    return complete(data, {each.key: each for each in attributes}, noun="document", now=NOW)


def problem(attributes: list[Attribute], data: dict[str, object]) -> str:
    with pytest.raises(AppwriteError) as caught:
        check(attributes, data)
    assert (caught.value.status, caught.value.kind) == (400, "document_invalid_structure")
    return caught.value.message.removeprefix("Invalid document structure: ")


@pytest.mark.parametrize(
    ("declared", "value", "told"),
    [
        pytest.param(
            attribute(), 1, "type. Value must be a valid string and no longer than 8 chars", id="number-as-text"
        ),
        pytest.param(
            attribute(), "x" * 9, "type. Value must be a valid string and no longer than 8 chars", id="long-text"
        ),
        pytest.param(
            attribute("text", size=0),
            "x" * 16_384,
            "type. Value must be a valid string and no longer than 16383 chars",
            id="long-unsized-text",
        ),
        pytest.param(attribute("boolean"), 1, "type. Value must be a valid boolean", id="number-as-boolean"),
        pytest.param(
            attribute("integer", size=4), 1.5, f"format. Value must be a valid {INT_32}", id="float-as-integer"
        ),
        pytest.param(
            attribute("integer", size=4), True, f"format. Value must be a valid {INT_32}", id="true-as-integer"
        ),
        pytest.param(
            attribute("integer", size=4), 1 << 31, f"format. Value must be a valid {INT_32}", id="beyond-32-bits"
        ),
        pytest.param(
            attribute("integer", size=8), 1 << 63, f"format. Value must be a valid {INT_64}", id="beyond-64-bits"
        ),
        pytest.param(attribute("bigint"), "1", f"format. Value must be a valid {INT_64}", id="text-as-bigint"),
        pytest.param(
            attribute("integer", minimum=0, maximum=1000),
            1001,
            "format. Value must be a valid range between 0 and 1,000",
            id="above-the-maximum",
        ),
        pytest.param(attribute("double"), "1", "format. Value must be a valid float", id="text-as-float"),
        pytest.param(
            attribute("double", minimum=0, maximum=2),
            2.5,
            "format. Value must be a valid range between 0 and 2",
            id="float-above-the-maximum",
        ),
        pytest.param(
            attribute(format="enum", elements=("a", "b")), "c", "format. Value must be one of (a, b)", id="not-listed"
        ),
        pytest.param(
            attribute(format="email"), "me@here", "format. Value must be a valid email address", id="no-email"
        ),
        pytest.param(attribute(format="url"), "here", "format. Value must be a valid URL", id="no-url"),
        pytest.param(attribute(format="url"), "http://[", "format. Value must be a valid URL", id="broken-url"),
        pytest.param(attribute(format="ip"), "1.2.3", "format. Value must be a valid IP address", id="no-ip"),
        pytest.param(attribute("datetime"), "soon", f"type. {DATES}", id="no-date"),
        pytest.param(attribute("datetime"), 5, f"type. {DATES}", id="number-as-date"),
        pytest.param(attribute("datetime"), "0999-01-01", f"type. {DATES}", id="too-early"),
        pytest.param(attribute("datetime"), "+999999999 weeks", f"type. {DATES}", id="too-late"),
    ],
)
def test_refuses_a_value_of_the_wrong_type_size_or_format(declared: Attribute, value: object, told: str) -> None:
    assert problem([declared], {"x": value}) == f'Attribute "x" has invalid {told}'


@pytest.mark.parametrize(
    ("declared", "value", "kept"),
    [
        pytest.param(attribute(), "é" * 8, "é" * 8, id="as-many-characters-as-allowed"),
        pytest.param(attribute("integer", size=8), 1 << 62, 1 << 62, id="64-bits"),
        pytest.param(attribute("double"), 3, 3, id="integer-as-float"),
        pytest.param(attribute(format="email"), "me@here.org", "me@here.org", id="email"),
        pytest.param(attribute(format="url"), "https://here.org/x", "https://here.org/x", id="url"),
        pytest.param(attribute(format="ip"), "::1", "::1", id="ip"),
        pytest.param(attribute("datetime"), "2026-01-01", "2026-01-01T00:00:00.000+00:00", id="day"),
        pytest.param(attribute("datetime"), "2026-01-01T10:00:00+02:00", "2026-01-01T08:00:00.000+00:00", id="offset"),
        pytest.param(attribute("datetime"), "tomorrow", "2026-11-23T00:00:00.000+00:00", id="tomorrow"),
        pytest.param(attribute("datetime"), "NOW", "2026-11-22T14:06:50.000+00:00", id="now"),
        pytest.param(attribute("datetime"), "+1 day", "2026-11-23T14:06:50.000+00:00", id="in-a-day"),
        pytest.param(attribute("datetime"), "2 hours ago", "2026-11-22T12:06:50.000+00:00", id="hours-ago"),
        pytest.param(attribute("datetime"), "@0", "1970-01-01T00:00:00.000+00:00", id="unix"),
        pytest.param(attribute(array=True), ["a", None], ["a", None], id="list-with-null"),
        pytest.param(attribute(), None, None, id="null"),
        pytest.param(attribute(default="d"), None, "d", id="null-with-default"),
    ],
)
def test_keeps_a_value_that_fits_in_its_own_form(declared: Attribute, value: object, kept: object) -> None:
    assert check([declared], {"x": value}) == {"x": kept}


def test_completes_what_is_left_out_with_the_default_or_null() -> None:
    attributes = [attribute(key="a", default="d"), attribute(key="b")]

    assert check(attributes, {}) == {"a": "d", "b": None}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        pytest.param("a", 'Attribute "x" must be an array', id="no-list"),
        pytest.param(
            ["a", 1],
            "Attribute \"x['1']\" has invalid type. Value must be a valid string and no longer than 8 chars",
            id="wrong-element",
        ),
    ],
)
def test_looks_into_lists(value: object, told: str) -> None:
    assert problem([attribute(array=True)], {"x": value}) == told


def test_complains_of_what_is_missing_then_of_what_is_unknown_then_of_values_as_sent() -> None:
    attributes = [attribute(key="a", required=True), attribute(key="b"), attribute(key="c")]

    assert problem(attributes, {"b": 1, "z": 1}) == 'Missing required attribute "a"'
    assert problem(attributes, {"b": 1, "a": "", "z": 1}) == 'Unknown attribute: "z"'
    assert problem(attributes, {"c": 1, "a": "", "b": 1}).startswith('Attribute "c"')
