import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
import pytest_asyncio
import trustme
import uvloop
from pydantic import SecretStr

from monitor.appwrite.removal import AppwriteRemover
from monitor.appwrite.transport import AiohttpTransport
from monitor.core.clock import SystemClock
from monitor.core.identity import Identity
from monitor.core.leftover import UNJOURNALED, Journal, Leftover, Removal
from monitor.core.run import Run, Surroundings
from monitor.core.target import Target

MakeRun = Callable[..., Run]

# Says that this thread has no loop of its own: looptime asks for one before a test without a loop, and asyncio would
# make it and leave it open.
asyncio.set_event_loop(None)


def pytest_asyncio_loop_factories(
    config: pytest.Config,
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """
    Run every test here on both loops: their sockets and TLS are written anew in each.
    """
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


def on_fake_time(test: Callable[..., object]) -> Callable[..., object]:
    """
    Let the time of *test* pass at once, which uvloop cannot.
    """
    pytest.mark.asyncio(loop_factories=["asyncio"])(test)
    pytest.mark.looptime(start=0.0)(test)
    return test


@pytest_asyncio.fixture
async def transport() -> AsyncIterator[AiohttpTransport]:
    transport = AiohttpTransport(user_agent="monitor/test", budget=None)
    yield transport
    await transport.close()


@pytest.fixture
def make_run(transport: AiohttpTransport) -> MakeRun:
    """
    Make runs against any endpoint, on the clock of this machine.
    """

    def make(
        endpoint: str,
        *,
        timeout_seconds: float = 5.0,
        api_key: str | None = "standard_secret",
        project: str = "demo",
        database: str = "main",
        identities: Mapping[str, Identity] | None = None,
        journal: Journal = UNJOURNALED,
    ) -> Run:
        target = Target(
            name="test",
            endpoint=endpoint,
            project=project,
            database=database,
            api_key=SecretStr(api_key) if api_key else None,
        )
        return Run(
            Surroundings(
                target=target,
                location="here",
                identities=identities or {},
                transport=transport,
                clock=SystemClock(),
                journal=journal,
            ),
            timeout_seconds=timeout_seconds,
        )

    return make


async def clean_up(run: Run, *, dry: bool = False) -> Mapping[Leftover, Removal]:
    """
    Undo what *run* has done, as it is undone after every run; return how the removal of what it made went.
    """
    run.extend(5.0)
    for each in reversed(run.clean_ups):
        await each()
    return await AppwriteRemover().remove(run, run.leftovers, dry=dry)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Have this process trust the test authority, as an operator would.
    """
    bundle = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))


@pytest.fixture
def tls_server(authority: trustme.CA) -> ssl.SSLContext:
    """
    Return the TLS side of a server whose certificate is in order.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context
