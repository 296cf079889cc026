import pytest
from pydantic import TypeAdapter, ValidationError

from monitor.core.target import HttpUrl, Target


def target_at(address: str) -> Target:
    return Target(name="test", endpoint=address, project="demo", database="main", site=address)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        pytest.param("https://host/app/", "https://host/app/", id="slash of the path"),
        pytest.param("https://host/?next=/", "https://host/?next=/", id="slash of the query"),
        pytest.param("HTTPS://Host/V1", "https://Host/V1", id="scheme in capitals"),
    ],
)
def test_an_address_stays_as_it_is_but_for_the_case_of_its_scheme(written: str, kept: str) -> None:
    assert TypeAdapter(HttpUrl).validate_python(written) == kept


@pytest.mark.parametrize("written", ["HTTPS://host/v1/", "https://host/v1", "https://host/v1//"])
def test_the_addresses_of_a_target_end_without_a_slash_since_paths_follow(written: str) -> None:
    target = target_at(written)

    assert (target.endpoint, target.site) == ("https://host/v1", "https://host/v1")


@pytest.mark.parametrize(
    "written", ["host/v1", "ftp://host", "https://", "https:host", "http://[::1", "http://host:0", " https://host", ""]
)
def test_refuses_what_is_no_address(written: str) -> None:
    with pytest.raises(ValidationError, match="is not an address"):
        target_at(written)


def test_a_refused_address_is_shown_without_its_query() -> None:
    with pytest.raises(ValidationError, match="'htps://host/hook' is not an address") as caught:
        target_at("htps://host/hook?code=letmein")

    assert "letmein" not in str(caught.value)
