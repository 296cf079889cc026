"""
The booking site as files: what is served, and what a page is told. What it does is tested in ``tests/site``.
"""

import json
import re

import aiohttp
import pytest
from yarl import URL

from monitor.sandbox.faults.page import PAGE_FAULTS
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
    secrets = [sandbox.api_key, sandbox.fault_token, sandbox.customer.password, sandbox.therapist.password]
    assert not [secret for secret in secrets if secret in text]


async def test_tells_pages_what_they_are_to_do_wrong(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("page_other_bookings", collection="elsewhere")
    sandbox.faults.switch_on("realtime_silent")

    told = json.loads((await get(sandbox, "/site/settings.json"))[2])["quirks"]
    sandbox.faults.switch_all_off()
    mended = json.loads((await get(sandbox, "/site/settings.json"))[2])["quirks"]

    assert (told, mended) == ({"other_bookings": {"collection": "elsewhere"}}, {})


async def test_no_trouble_of_the_api_touches_the_site(sandbox: Sandbox) -> None:
    sandbox.faults.switch_on("service_down")

    assert (await get(sandbox, "/"))[0] == 200


async def test_every_page_fault_is_known_to_a_page() -> None:
    scripts = "".join(path.read_text() for path in pages.FOLDER.glob("app/*.js"))

    asked = set(re.findall(r'quirk\("(\w+)"\)', scripts))

    assert asked == {name.removeprefix("page_") for name in PAGE_FAULTS}


async def test_the_pages_name_no_other_host() -> None:
    own = [path for path in pages.FOLDER.rglob("*") if path.is_file() and "vendor" not in path.parts]

    hosts = {host for path in own for host in re.findall(r"https?://([\w.-]+)", path.read_text())}

    # The first is the name of a language, the second where the page sends people when booking is switched off.
    assert hosts == {"www.w3.org", "wa.me"}


async def test_a_client_of_the_api_that_lacks_the_v1_is_told_so(client: Client) -> None:
    url = client.sandbox.site + "account"
    async with aiohttp.ClientSession() as session, session.get(url, headers=client.headers_of("guest")) as response:
        assert response.status == 404
