"""
The Appwrite project under test.
"""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

# Appwrite accepts 1..36 characters of A-Za-z0-9._- and no leading special character. An empty or foreign string in a
# path could collapse to a broader route (a delete of the whole collection), so nothing else ever enters a URL.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,35}")
_SCHEME = re.compile(r"^https?(?=://)", re.IGNORECASE)


def appwrite_id(value: str) -> str:
    """
    Return *value* when it may stand in an Appwrite path; raise ``ValueError`` otherwise.
    """
    if not _ID.fullmatch(value):
        shown = repr(value) if len(value) <= 40 else f"{value[:8]!r}… of {len(value)} characters"
        raise ValueError(
            f"{shown} is not an Appwrite id: 1 to 36 of letters, digits, '.', '_', '-', and a letter or digit first"
            " (the id, not the display name)"
        )
    return value


def http_url(value: str) -> str:
    """
    Return *value*, its scheme in lower case, when it is an absolute http(s) address; raise ``ValueError`` otherwise.
    """
    if "@" in value:
        raise ValueError("an address must not hold a user or password, nor an '@': it would show up in logs")
    try:
        url = urlsplit(value)
        addressed = _SCHEME.match(value) and url.hostname and url.port != 0
    except ValueError:
        addressed = False
    if not addressed:
        # Its query may hold a secret.
        shown = value.partition("?")[0]
        raise ValueError(f"{shown!r} is not an address: expected http:// or https://, a host, and perhaps a port")
    # The wire asks for the scheme in lower case.
    return _SCHEME.sub(lambda scheme: scheme[0].lower(), value)


def _without_last_slash(url: str) -> str:
    return url.rstrip("/")


AppwriteId = Annotated[str, AfterValidator(appwrite_id), Field(json_schema_extra={"pattern": f"^{_ID.pattern}$"})]
HttpUrl = Annotated[str, AfterValidator(http_url), Field(json_schema_extra={"format": "uri"})]
# An address that paths are put behind.
BaseUrl = Annotated[HttpUrl, AfterValidator(_without_last_slash)]


class SecretRefused(ValueError):
    """
    Says what is wrong with a secret, and nothing of the secret: may be shown.
    """


def one_line(secret: SecretStr) -> SecretStr:
    """
    Return *secret* when it may stand in a header; raise ``SecretRefused`` otherwise.
    """
    if not secret.get_secret_value().isprintable():
        raise SecretRefused("must be one line of printable characters, since it is sent in a header")
    return secret


HeaderSecret = Annotated[SecretStr, AfterValidator(one_line)]


class Target(BaseModel):
    """
    Where the platform under test is; one daemon watches one target.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,62}$", description="one word; the metric label of the target")
    endpoint: BaseUrl = Field(description="address of the API, with its version: https://HOST/v1")
    project: AppwriteId = Field(description="id of the Appwrite project")
    database: AppwriteId = Field(description="id of the database that holds the collections")
    api_key: HeaderSecret | None = Field(
        default=None,
        description="server key for metadata, minting identities and cleaning; never for judging access",
    )
    api: Literal["collections", "tables"] = Field(
        default="collections", description="family of calls: collections (every version) or tables (1.8 and later)"
    )
    site: BaseUrl | None = Field(default=None, description="address of the site that uses the project")

    def about(self) -> dict[str, str]:
        """
        Return what may be shown of it, by name.
        """
        facts = {"name": self.name, "endpoint": self.endpoint, "project": self.project, "database": self.database}
        return facts | ({"site": self.site} if self.site else {})

    def owner_of(self, url: str) -> str:
        """
        Return whose *url* is: the platform's (``api``), its site's (``site``), or nobody's here (``elsewhere``).
        """
        if url.startswith(f"{self.endpoint}/"):
            return "api"
        return "site" if self.site and f"{url}/".startswith(f"{self.site}/") else "elsewhere"
