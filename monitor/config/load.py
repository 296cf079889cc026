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
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor.config.alerting import judge_alerting
from monitor.config.budget import judge_budget
from monitor.config.draft import Draft
from monitor.config.environment import EnvironmentSource
from monitor.config.refusals import explain
from monitor.config.route import UNUSABLE
from monitor.config.rules import judge, judge_values
from monitor.config.secret_files import SecretFilesSource
from monitor.config.settings import Settings
from monitor.config.shape import Shape
from monitor.config.source import Merged, YamlSource
from monitor.config.web_rules import judge_web
from monitor.config.yaml_file import read_document
from monitor.core.check import Check
from monitor.core.errors import ConfigError
from monitor.core.manifest import Manifest
from monitor.registry import Registry


def load_settings(
    path: Path, registry: Registry, environ: Mapping[str, str] = os.environ, *, without_manifest: bool = False
) -> Settings:
    """
    Return what the file at *path* configures; raise ``ConfigError`` with every problem there is, in order of place.

    *without_manifest* leaves the manifest unread and holds no check to it: for the command that writes it.
    """
    draft = Draft(read_document(path, environ), registry, environ)
    sources = (EnvironmentSource(draft), SecretFilesSource(draft), YamlSource(draft))
    draft.data = Merged(_build_sources=(sources, {})).model_extra or {}
    manifest_path = _take_manifest_path(draft)
    problems = () if without_manifest else _read_manifest(draft, manifest_path)
    settings = _settings(draft)
    judge(draft)
    if settings is not None:
        settings.note_manifest_path(manifest_path)
        settings.note_folder(path.absolute().parent)
        if not without_manifest:
            _judge_with_manifest(draft, settings)
        judge_budget(draft, settings)
        judge_alerting(draft, settings)
        judge_web(draft, settings)
    if settings is None or draft.problems or problems:
        raise ConfigError(*draft.sentences(), *problems)
    return settings


def _judge_with_manifest(draft: Draft, settings: Settings) -> None:
    for name, check in settings.checks.items():
        if objection := check.objection(settings.manifest, settings.identities):
            draft.refuse(("checks", name), objection, of_key=True)


def load_manifest(path: Path, environ: Mapping[str, str] = os.environ) -> Manifest:
    """
    Return the manifest at *path*; raise ``ConfigError`` with every problem there is, in order of place.
    """
    document = read_document(path, environ, keys="collections", start="`monitor manifest pull` writes one")
    draft = Draft(document, Registry(kinds={}), environ, root=Manifest)
    manifest = None
    try:
        manifest = Manifest.model_validate(draft.data)
    except ValidationError as error:
        explain(draft, error)
    judge_values(draft)
    if manifest is None or draft.problems:
        raise ConfigError(*draft.sentences())
    return manifest


def _take_manifest_path(draft: Draft) -> Path | None:
    """
    Take the path of the manifest out of the data; what is none is refused.
    """
    path = draft.data.get("manifest")
    if path is None or path is UNUSABLE:
        return None
    del draft.data["manifest"]
    if not isinstance(path, str) or not path:
        draft.refuse(("manifest",), "must be the path of a manifest: `monitor manifest pull` writes one")
        draft.data["manifest"] = UNUSABLE
        return None
    return draft.document.path.parent / path


def _read_manifest(draft: Draft, path: Path | None) -> Sequence[str]:
    """
    Put the manifest into the data; return what is wrong in its file.
    """
    if path is None:
        return ()
    try:
        draft.data["manifest"] = load_manifest(path, draft.environ)
    except ConfigError as error:
        draft.data["manifest"] = UNUSABLE
        return error.problems
    return ()


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
