"""
The kinds of checks there are: one module each in ``checks/``, and what other packages register.

A module that cannot be imported disables its kind with a visible problem, never the daemon.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from types import ModuleType

import checks
from monitor.core.check import Check
from monitor.manual import manual_of

ENTRY_POINT_GROUP = "monitor.checks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """
    *kinds*: class by name of the kind. *problems*: name of the kind → why it cannot be used, one sentence.
    """

    kinds: Mapping[str, type[Check]]
    problems: Mapping[str, str] = field(default_factory=dict)


def load_registry() -> Registry:
    """
    Find every kind: first the modules of ``checks/``, then the entry points of other packages.

    An entry point names a module and never replaces a kind of ours.
    """
    kinds: dict[str, type[Check]] = {}
    problems: dict[str, str] = {}
    loaders: list[tuple[str, Callable[[], ModuleType]]] = [
        (found.name, lambda name=found.name: importlib.import_module(f"checks.{name}"))  # type: ignore[misc]
        for found in pkgutil.iter_modules(checks.__path__)
        if not found.name.startswith("_")
    ]
    loaders += [(point.name, point.load) for point in sorted(entry_points(group=ENTRY_POINT_GROUP))]
    for name, load in loaders:
        if name in kinds:
            problems[name] = f"kind {name!r} is registered twice: the entry point is ignored, rename it"
            continue
        try:
            kinds[name] = _check_class(load(), name)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - what a foreign module does at import is its problem
            problems[name] = f"kind {name!r} cannot be loaded: {type(error).__name__}: {error}"
    return Registry(kinds=kinds, problems=problems)


def _check_class(module: ModuleType, name: str) -> type[Check]:
    classes = [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Check) and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        raise TypeError(f"module {module.__name__} must define exactly one check, it defines {len(classes)}")
    if classes[0].kind() != name:
        raise TypeError(f"entry point {name!r} must bear the name of its module, {classes[0].kind()!r}")
    manual_of(classes[0])
    # What pydantic cannot describe, it could not load either: say so here and not in the middle of a run.
    classes[0].model_json_schema()
    return classes[0]
