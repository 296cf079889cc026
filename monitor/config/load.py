"""
Loads the configuration. Precedence, highest first:

1. the environment: ``MONITOR_TARGET__ENDPOINT`` (``environment.py``)
2. secret files: ``MONITOR_TARGET__API_KEY_FILE``, ``api_key_file`` in the YAML, a mounted directory
   (``secret_files.py``)
3. the YAML (``yaml_file.py``)
4. the defaults, at the fields

Every problem names its place: a line and column, a variable or a secret file. No message holds a secret.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor.config.draft import Draft
from monitor.config.environment import EnvironmentSource
from monitor.config.refusals import explain
from monitor.config.rules import judge
from monitor.config.secret_files import SecretFilesSource
from monitor.config.settings import Settings
from monitor.config.shape import Shape
from monitor.config.source import Merged, YamlSource
from monitor.config.yaml_file import read_document
from monitor.core.check import Check
from monitor.core.errors import ConfigError
from monitor.registry import Registry


def load_settings(path: Path, registry: Registry, environ: Mapping[str, str] = os.environ) -> Settings:
    """
    Return what the file at *path* configures; raise ``ConfigError`` with every problem there is, in order of place.
    """
    draft = Draft(read_document(path, environ), registry, environ)
    sources = (EnvironmentSource(draft), SecretFilesSource(draft), YamlSource(draft))
    draft.data = Merged(_build_sources=(sources, {})).model_extra or {}
    settings = _settings(draft)
    judge(draft)
    if settings is None or draft.problems:
        raise ConfigError(*draft.sentences())
    return settings


def _settings(draft: Draft) -> Settings | None:
    data = draft.data
    if isinstance(data.get("checks"), Mapping):
        # Each by its kind; what is no mapping is refused by the rules.
        made = {name: _check(draft, name, raw) for name, raw in draft.checks()}
        data = {**data, "checks": {name: check for name, check in made.items() if check is not None}}
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        explain(draft, error)
        return None


def _check(draft: Draft, name: str, raw: Mapping[str, Any]) -> Check | None:
    kind = draft.kind(raw.get("kind"))
    # Without a kind, what every check has can be judged even so.
    keys = [key for key in raw if key != "kind"] if kind else Shape(types=(Check,)).keys()
    try:
        return (kind or Check).model_validate({key: raw[key] for key in keys if key in raw} | {"name": name})
    except ValidationError as error:
        explain(draft, error, ("checks", name))
        return None
