"""
The booking site as files: what is served, and what a page is told. What it does is tested in ``tests/site``.
"""

import json
import re

import aiohttp
import pytest
from yarl import URL

from monitor.sandbox.booking_platform import OTHER_BOOKINGS, THERAPISTS
from monitor.sandbox.faults.page import PAGE_FAULTS, Quirk
from monitor.sandbox.server import Sandbox
from monitor.sandbox.site import pages
from tests.sandbox.client import Client

pytestmark = pytest.mark.asyncio


async def get(sandbox: Sandbox, path: str, *, method: str = "GET") -> tuple[int, str, str]:
    url = URL(sandbox.site.removesuffix("/") + path, encoded=True)
    async with aiohttp.ClientSession() as session, session.request(method, url) as response:
        return response.status, response.headers["Content-Type"], await response.text()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        pytest.param("/", "text/html", id="start"),
        pytest.param("/index.html", "text/html", id="by-name"),
        pytest.param("/app/main.js", "text/javascript", id="script"),
        pytest.param("/style.css", "text/css", id="style"),
        pytest.param("/vendor/appwrite.js", "text/javascript", id="sdk"),
        pytest.param("/sounds/booking-notification.mp3", "text/html", id="unknown-file"),
        pytest.param("/../../pages.py", "text/html", id="outside"),
        pytest.param("/%2e%2e/%2e%2e/pages.py", "text/html", id="outside-escaped"),
        pytest.param("/app", "text/html", id="folder"),
    ],
)
async def test_serves_files_and_for_the_rest_the_start_page(sandbox: Sandbox, path: str, kind: str) -> None:
    status, content_type, text = await get(sandbox, path)

    assert (status, content_type) == (200, f"{kind}; charset=utf-8")
    assert ("<!doctype html>" in text) is (kind == "text/html")


async def test_is_only_read(sandbox: Sandbox) -> None:
    assert (await get(sandbox, "/index.html", method="POST"))[0] == 405
    assert (await get(sandbox, "/index.html", method="HEAD"))[0] == 200


async def test_tells_pages_where_everything_is_and_no_secret(sandbox: Sandbox) -> None:
    _, _, text = await get(sandbox, "/site/settings.json")

    told = json.loads(text)
    assert (told["project"], told["database"]) == (sandbox.project, sandbox.database)
    assert set(told["collections"].values()) <= sandbox.world.collections.keys()
    assert (told["dashboard_collections"], told["chat_project"]) == (told["collections"], told["project"])
    secrets = [sandbox.api_key, sandbox.fault_token, sandbox.customer.password, sandbox.therapist.password]
    assert not [secret for secret in secrets if secret in text]


async def test_tells_pages_what_they_are_to_do_wrong(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("page_socket_storm", sockets=9)
    sandbox.faults.switch_on("realtime_silent")

    told = json.loads((await get(sandbox, "/site/settings.json"))[2])["quirks"]
    sandbox.faults.switch_all_off()
    mended = json.loads((await get(sandbox, "/site/settings.json"))[2])["quirks"]

    assert (told, mended) == ({"socket_storm": {"sockets": 9}}, {})


@pytest.mark.parametrize(
    ("fault", "parameters", "place", "value"),
    [
        pytest.param("page_wrong_collection", {}, ("collections", "bookings"), THERAPISTS, id="F01"),
        pytest.param("page_other_bookings", {}, ("dashboard_collections", "bookings"), OTHER_BOOKINGS, id="F02"),
        pytest.param(
            "page_other_bookings",
            {"collection": "elsewhere"},
            ("dashboard_collections", "bookings"),
            "elsewhere",
            id="another",
        ),
        pytest.param("page_empty_collection_id", {}, ("collections", "notifications"), "", id="F03"),
        pytest.param("page_name_as_id", {}, ("collections", "chat_messages"), "Chat Messages", id="F05"),
        pytest.param("page_other_project", {}, ("chat_project",), "chat-project-of-old", id="F06"),
    ],
)
async def test_a_wrong_configuration_differs_from_the_right_one_in_that_alone(
    sandbox: Sandbox, fault: str, parameters: dict[str, str], place: tuple[str, ...], value: str
) -> None:
    right = json.loads((await get(sandbox, "/site/settings.json"))[2])
    sandbox.faults.switch_on(fault, **parameters)

    wrong = json.loads((await get(sandbox, "/site/settings.json"))[2])

    *outer, key = place
    (right[outer[0]] if outer else right)[key] = value
    assert wrong == right


async def test_no_trouble_of_the_api_touches_the_site(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("service_down")

    assert (await get(sandbox, "/"))[0] == 200


async def test_every_quirk_is_known_to_a_page() -> None:
    scripts = "".join(path.read_text() for path in pages.FOLDER.glob("app/*.js"))

    asked = set(re.findall(r'quirk\("(\w+)"\)', scripts))

    assert asked == {kind.quirk for kind in PAGE_FAULTS.values() if issubclass(kind, Quirk)}


async def test_the_pages_name_no_other_host() -> None:
    own = [path for path in pages.FOLDER.rglob("*") if path.is_file() and "vendor" not in path.parts]

    hosts = {host for path in own for host in re.findall(r"https?://([\w.-]+)", path.read_text())}

    # The first is the name of a language, the second where the page sends people when booking is switched off.
    assert hosts == {"www.w3.org", "wa.me"}


async def test_a_client_of_the_api_that_lacks_the_v1_is_told_so(client: Client) -> None:
    url = client.sandbox.site + "account"
    async with aiohttp.ClientSession() as session, session.get(url, headers=client.headers_of("guest")) as response:
        assert response.status == 404
