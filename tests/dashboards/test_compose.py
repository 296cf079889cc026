"""
What brings everything up: by its schema, by what is mounted where, and by what must not be open. It is not run here.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bench.blackbox import free_port
from tests.dashboards.files import FOLDER, read
from tests.e2e.process import line_with, running
from tests.tools import require

COMPOSE = FOLDER / "compose.yaml"
_VARIABLE = re.compile(r"\$\{\w+:-([^}]*)\}")


def _services() -> dict[str, dict[str, Any]]:
    """
    Return the services by name, variables as they are when nobody sets them.
    """
    text = json.dumps(read(COMPOSE)["services"])
    services: dict[str, dict[str, Any]] = json.loads(_VARIABLE.sub(r"\1", text))
    return services


SERVICES = _services()
# Its health check is in the image.
_CHECKED = sorted(SERVICES.keys() - {"monitor"})


def _ran(*command: object) -> None:
    told = subprocess.run([str(each) for each in command], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_it_is_what_the_compose_specification_allows() -> None:
    _ran(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE)


def test_the_image_is_built_by_the_rules_of_its_linter() -> None:
    _ran(Path(sys.executable).with_name("hadolint"), FOLDER.parent / "Dockerfile")


def test_prometheus_takes_its_configuration() -> None:
    _ran(require("promtool"), "check", "config", FOLDER / "prometheus.yaml")


@pytest.mark.parametrize("name", SERVICES)
def test_it_is_pinned_hardened_bounded_and_open_to_this_machine_only(name: str) -> None:
    service = SERVICES[name]

    assert re.fullmatch(r"[\w/.-]+:(?:v?\d+(?:\.\d+)+[\w-]*|local)", service["image"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "mem_limit" in service
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert not {"privileged", "network_mode", "pid"} & service.keys()


@pytest.mark.parametrize("name", _CHECKED)
def test_its_health_is_looked_at(name: str) -> None:
    assert {"test", "interval", "timeout"} <= SERVICES[name]["healthcheck"].keys()


@pytest.mark.parametrize("name", SERVICES)
def test_what_it_mounts_is_there_and_not_written_to_or_is_a_volume(name: str) -> None:
    for source, *rest in (mount.split(":") for mount in SERVICES[name].get("volumes", ())):
        if source in read(COMPOSE)["volumes"]:
            continue
        assert (FOLDER / source).exists(), source
        assert rest[-1] == "ro", source


def test_the_addresses_by_which_they_know_each_other_are_those_of_services() -> None:
    prometheus = read(FOLDER / "prometheus.yaml")
    targets = [
        target
        for config in (*prometheus["scrape_configs"], *prometheus["alerting"]["alertmanagers"])
        for static in config["static_configs"]
        for target in static["targets"]
    ]
    urls = re.findall(r"http://([a-z]+):", (FOLDER / "alertmanager.yaml").read_text())
    source = read(FOLDER / "grafana" / "provisioning" / "datasources" / "prometheus.yaml")["datasources"][0]

    named = {target.partition(":")[0] for target in targets} - {"localhost"}
    assert named | set(urls) | {re.findall(r"//(\w+):", source["url"])[0]} <= SERVICES.keys()
    assert "monitor:9464" in targets
    assert json.loads(SERVICES["monitor"]["environment"]["MONITOR_WEB__HOSTS"]) == ["monitor"]


def test_grafana_is_provisioned_with_the_data_source_and_the_folder_of_dashboards() -> None:
    provisioning = FOLDER / "grafana" / "provisioning"
    source = read(provisioning / "datasources" / "prometheus.yaml")
    provider = read(provisioning / "dashboards" / "monitor.yaml")
    mounted = {mount.split(":")[1]: mount.split(":")[0] for mount in SERVICES["grafana"]["volumes"]}

    assert source["apiVersion"] == provider["apiVersion"] == 1
    assert {key: source["datasources"][0][key] for key in ("type", "uid", "isDefault", "editable")} == {
        "type": "prometheus",
        "uid": "prometheus",
        "isDefault": True,
        "editable": False,
    }
    assert (
        source["datasources"][0]["jsonData"]["timeInterval"]
        == (read(FOLDER / "prometheus.yaml")["global"]["scrape_interval"])
    )
    [dots] = source["datasources"][0]["jsonData"]["exemplarTraceIdDestinations"]
    assert (dots["name"], dots["url"]) == ("run_id", "http://127.0.0.1:9464/runs/$${__value.raw}")
    assert provider["providers"][0]["type"] == "file"
    assert mounted[provider["providers"][0]["options"]["path"]] == "."
    assert mounted["/etc/grafana/provisioning"] == "./grafana/provisioning"


def test_prometheus_keeps_more_than_the_longest_window_and_exemplars() -> None:
    assert {"--storage.tsdb.retention.time=60d", "--enable-feature=exemplar-storage"} <= {
        *SERVICES["prometheus"]["command"]
    }


@pytest.mark.slow
@pytest.mark.asyncio
@pytest.mark.parametrize("option", [(), ("--port", "0")], ids=["as-it-says", "on-another-port"])
async def test_the_demo_listens_where_the_image_says(option: tuple[str, ...]) -> None:
    port = free_port()
    env = {**os.environ, "MONITOR_WEB__LISTEN": f"0.0.0.0:{port}"}
    async with running("demo", *option, "--duration", "30s", env=env) as process:
        said = await line_with(process.stdout, "metrics")

    found = re.search(r"http://0\.0\.0\.0:(\d+)/metrics", said)
    assert found is not None
    assert (int(found[1]) == port) is (option == ())
