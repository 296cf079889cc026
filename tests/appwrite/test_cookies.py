from datetime import UTC, datetime

import pytest

from monitor.appwrite.cookies import Cookie, session_cookie
from monitor.core.transport import Response

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
EXPIRES = "expires=Mon, 22-Nov-2027 14:09:05 GMT; Max-Age=31536000; path=/; HttpOnly"


def cookie_of(*headers: str) -> Cookie | None:
    # As the transport joins headers of one name.
    answer = Response(status=201, headers={"set-cookie": ", ".join(headers)}, body=b"", phases={})
    return session_cookie(answer, "demo")


@pytest.mark.parametrize(
    ("headers", "name", "value"),
    [
        pytest.param(
            (f"a_session_demo_legacy=old; {EXPIRES}", f"a_session_demo=new%3D; {EXPIRES}; SameSite=None"),
            "a_session_demo",
            "new%3D",
            id="as Appwrite sends both",
        ),
        pytest.param(
            (f"a_session_demo=new=; {EXPIRES}", "other=1; path=/"), "a_session_demo", "new=", id="before others"
        ),
        pytest.param(("A_SESSION_DEMO=new",), "A_SESSION_DEMO", "new", id="in capitals"),
    ],
)
def test_finds_the_session_among_cookies(headers: tuple[str, ...], name: str, value: str) -> None:
    cookie = cookie_of(*headers)

    assert cookie is not None
    assert (cookie.name, cookie.value, cookie.path) == (name, value, "/")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param((), id="none"),
        pytest.param((f"a_session_other=1; {EXPIRES}",), id="of another project"),
        pytest.param((f"a_session_demo_legacy=1; {EXPIRES}",), id="only that of old browsers"),
        pytest.param(("a_session_demo=; path=/",), id="empty"),
    ],
)
def test_finds_no_session_where_there_is_none(headers: tuple[str, ...]) -> None:
    assert cookie_of(*headers) is None


@pytest.mark.parametrize(
    ("attributes", "endpoint", "flaw"),
    [
        pytest.param("path=/", "http://127.0.0.1:8080/v1", "", id="of the host alone"),
        pytest.param("path=/; Domain=.example.com", "https://example.com/v1", "", id="of the domain"),
        pytest.param("path=/; domain=Example.com", "https://api.example.com/v1", "", id="of a domain above"),
        pytest.param("path=/v1", "https://example.com/v1", "", id="of the path"),
        pytest.param(
            "path=/; domain=.api.internal",
            "https://example.com/v1",
            "it is for the domain 'api.internal', not for 'example.com'",
            id="of another domain",
        ),
        pytest.param(
            "path=/; domain=ample.com",
            "https://example.com/v1",
            "it is for the domain 'ample.com', not for 'example.com'",
            id="of one that only ends alike",
        ),
        pytest.param("path=/v", "https://example.com/v1", "it is for paths below '/v'", id="of another path"),
        pytest.param(
            "path=/; SameSite=None", "https://example.com/v1", "it is SameSite=None without Secure", id="not secure"
        ),
        pytest.param("path=/; samesite=none; SECURE", "https://example.com/v1", "", id="secure, in any case"),
        pytest.param("path=/; SameSite=Lax", "https://example.com/v1", "", id="of the same site"),
        pytest.param("path=/; SameSite=None", "http://localhost/v1", "", id="not secure where nothing is"),
        pytest.param("path=/; SameSite=None; Secure", "http://localhost/v1", "", id="secure where nothing is"),
        pytest.param(
            "Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https://example.com", "it has expired already", id="expired"
        ),
        pytest.param("expires=Thu, 01-Jan-70 00:00:00 GMT", "http://a.b/v1", "it has expired already", id="old date"),
        pytest.param("Expires=Mon, 22-Nov-2027 14:09:05 GMT", "https://example.com", "", id="not yet expired"),
        pytest.param("Expires=soon", "https://example.com", "", id="expires when nobody knows"),
        pytest.param("Max-Age=0", "https://example.com", "it has expired already", id="no age"),
        pytest.param("max-age=-1", "http://example.com", "it has expired already", id="negative age"),
        pytest.param("Max-Age=old", "https://example.com", "", id="age that is no number"),
        pytest.param(
            "Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", "https://example.com", "", id="the age decides"
        ),
        pytest.param(
            "Expires=Mon, 22-Nov-2027 14:09:05 GMT; Max-Age=0",
            "https://example.com",
            "it has expired already",
            id="the age decides against the date",
        ),
    ],
)
def test_knows_whether_a_browser_would_send_it(attributes: str, endpoint: str, flaw: str) -> None:
    cookie = cookie_of(f"a_session_demo=secret; {attributes}")

    assert cookie is not None
    assert cookie.flaw(endpoint, now=NOW) == flaw
    assert "secret" not in repr(cookie)
