"""
What is configured: the sections of the file, and the defaults of those that the engine owns.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, WithJsonSchema

from monitor.config.web import Web
from monitor.core.check import Check
from monitor.core.duration import Duration
from monitor.core.identity import Identity
from monitor.core.manifest import Manifest
from monitor.core.section import Section
from monitor.core.target import Target
from monitor.incidents.settings import Alerts
from monitor.sinks.settings import SinkSettings


class Engine(Section):
    """
    How checks are run.
    """

    concurrency: int = Field(default=50, ge=1, le=1000, description="runs at the same time")
    clean_up_seconds: Duration = Field(
        default=5.0, ge=0.1, le=300.0, description="time a run has to clean up, after its deadline too"
    )
    stall_limit_seconds: Duration = Field(
        default=30.0, ge=1.0, le=3600.0, description="after so long without a turn of the event loop, restart"
    )


class StoreFile(Section):
    """
    Where the daemon keeps what must survive it: what runs have made and not yet removed, incidents, history.
    """

    path: str = Field(
        default="monitor.db",
        min_length=1,
        max_length=4096,
        description="file of the store, from the folder of this file, in a container on a volume; or :memory:",
    )
    keep_days: int = Field(default=30, ge=1, le=3650, description="days that the history of runs and incidents is kept")


class Log(Section):
    """
    What is logged, and how it looks.
    """

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="the least to be logged")
    format: Literal["json", "text", "auto"] = Field(default="auto", description="auto: text on a terminal, else json")


# Written as the path of its file, which ``load_settings`` reads.
ManifestFile = Annotated[Manifest, WithJsonSchema({"type": "string", "minLength": 1})]


class Settings(BaseModel):
    """
    The whole configuration; ``load_settings`` makes it from a file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    target: Target
    location: str = Field(
        default="local", pattern=r"^[a-z0-9][a-z0-9_.-]{0,62}$", description="where this daemon runs; a metric label"
    )
    identities: Mapping[str, Identity] = Field(default_factory=dict, description="who checks may act as, by name")
    manifest: ManifestFile | None = Field(
        default=None, description="path of the manifest, from the folder of this file: what the collections must be"
    )
    checks: Mapping[str, Check] = Field(description="what is checked, by name")
    engine: Engine = Engine()
    web: Web = Web()
    store: StoreFile = StoreFile()
    alerts: Alerts = Alerts()
    sinks: SinkSettings = SinkSettings()
    log: Log = Log()
    _manifest_path: Path | None = PrivateAttr(default=None)
    _folder: Path | None = PrivateAttr(default=None)

    @property
    def fingerprint(self) -> str:
        """
        Return what tells this configuration from every other, and nothing of what is in it.
        """
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]

    @property
    def manifest_path(self) -> Path | None:
        """
        Where the manifest is, or is to be written; None when none is configured.
        """
        return self._manifest_path

    @property
    def store_path(self) -> Path | None:
        """
        Where the store is; None for one in memory, as when nothing was read from a file.
        """
        return None if self._folder is None or self.store.path == ":memory:" else self._folder / self.store.path

    def beside(self, path: str) -> Path:
        """
        Return where the file *path* is, a relative one from the folder of the configuration.
        """
        return (self._folder or Path()) / path

    def note_folder(self, folder: Path) -> None:
        """
        Keep where the file is from which this was read; for whoever loads it.
        """
        self._folder = folder

    def note_manifest_path(self, path: Path | None) -> None:
        """
        Keep where the manifest came from; for whoever loads it.
        """
        self._manifest_path = path
