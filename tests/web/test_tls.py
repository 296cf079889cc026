import asyncio
import ssl
from pathlib import Path

import aiohttp
import pytest

from monitor.config.server_tls import server_tls
from monitor.core.errors import ConfigError
from monitor.web.healthcheck import is_healthy
from tests.web.serving import serving, settings_of, with_tls

pytestmark = pytest.mark.asyncio


async def test_whoever_trusts_its_authority_reads_over_tls(tmp_path: Path) -> None:
    settings = with_tls(tmp_path)
    trusting = ssl.create_default_context(cafile=tmp_path / "authority.pem")

    async with serving(settings) as served:
        trusted = await served.ask("GET", "/-/healthy", ssl=trusting)
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await served.ask("GET", "/-/healthy")
        with pytest.raises(aiohttp.ClientError):
            await served.session.get(served.address.replace("https", "http"))

    assert served.address.startswith("https://127.0.0.1:")
    assert trusted == (200, "healthy: the loop turns\n")


async def test_nothing_older_than_tls_1_2_is_spoken(tmp_path: Path) -> None:
    with_tls(tmp_path)

    context = server_tls(tmp_path / "certificate.pem", tmp_path / "key.pem")

    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


async def test_a_certificate_that_has_gone_since_it_was_looked_at_is_named(tmp_path: Path) -> None:
    settings = with_tls(tmp_path)
    (tmp_path / "certificate.pem").unlink()

    with pytest.raises(ConfigError, match=r"web\.tls: no such certificate"):
        async with serving(settings):
            pass


async def test_the_health_check_of_the_image_asks_with_and_without_tls(tmp_path: Path) -> None:
    ports, found = [], []
    for settings in (settings_of(), with_tls(tmp_path)):
        async with serving(settings) as served:
            ports.append(int(served.address.rpartition(":")[2]))
            found.append(await asyncio.to_thread(is_healthy, ports[-1]))
    found += [await asyncio.to_thread(is_healthy, port) for port in ports]

    assert found == [True, True, False, False]
