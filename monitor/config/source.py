"""
What the sources of values have in common: they put them where they belong, and merge.
"""

import json
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from monitor.config.draft import Draft
from monitor.config.problem import Problem
from monitor.config.route import UNUSABLE, Route


class Merged(BaseSettings):
    """
    What the sources give, the highest first; what of it is right is for ``Settings`` to say.
    """

    model_config = SettingsConfigDict(extra="allow")


class Source(PydanticBaseSettingsSource):
    """
    A source of values; the draft says what may stand where, and keeps where each came from.
    """

    def __init__(self, draft: Draft) -> None:
        super().__init__(Merged)
        self.draft = draft
        self.values: dict[str, Any] = {}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """
        Return one top-level value; part of pydantic-settings' contract, which calls the source itself.
        """
        return self.values.get(field_name), field_name, False

    def put(self, route: Route, value: object, source: str) -> None:
        """
        Put *value* at *route*, unless a higher source gave it.
        """
        if route in self.draft.sources:
            return
        self.draft.sources[route] = source
        inner: Any = self.values
        for key in route[:-1]:
            inner = inner.setdefault(key, {}) if isinstance(inner, dict) else None
        # Otherwise the source holds a list or a text where this needs a mapping, which is refused anyway.
        if isinstance(inner, dict):
            inner[route[-1]] = value

    def parsed(self, route: Route, text: str, source: str) -> object:
        """
        Return what *text* means at *route*: itself or, where a list or a mapping may stand, its JSON.
        """
        if not (self.draft.shape(route).is_collection and text.startswith(("[", "{"))):
            return text
        try:
            return json.loads(text)
        except ValueError:
            self.draft.note(Problem(message='must be JSON, such as ["a", "b"]', route=route, source=source))
            return UNUSABLE


class YamlSource(Source):
    """
    The values that stand in the file itself.
    """

    def __call__(self) -> dict[str, Any]:
        """
        Return the data of the document.
        """
        return self.draft.document.data
