import ssl
from pathlib import Path

import aiohttp
import pytest

from monitor.config.server_tls import server_tls
from monitor.core.errors import ConfigError
from tests.web.serving import serving, with_tls

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
