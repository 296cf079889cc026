"""
How the daemon is asked over HTTP: the section ``web``.
"""

import re
from enum import StrEnum
from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from monitor.core.section import Section
from monitor.core.target import SecretRefused, one_line

_ADDRESS = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")
_HOST_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?")
# Whoever can ask can guess, as often as he likes; 16 characters of any make are beyond guessing over a network.
_LEAST_SECRET_CHARACTERS = 16


class Readers(StrEnum):
    """
    Who may read: whoever reaches the address, or only who is let in to act as well.
    """

    ANYBODY = "anybody"
    AUTHORIZED = "authorized"


def host_and_port(value: str) -> str:
    """
    Return *value* when it is ``HOST:PORT``; raise ``ValueError`` otherwise.
    """
    found = _ADDRESS.fullmatch(value)
    if not found or int(found[1]) > 65535:
        raise ValueError(f"must be HOST:PORT, such as 127.0.0.1:9464 or 0.0.0.0:9464, got {value!r}")
    return value


def host_name(value: str) -> str:
    """
    Return *value* in lower case when it is the name of a host, without port; raise ``ValueError`` otherwise.
    """
    if not _HOST_NAME.fullmatch(value):
        raise ValueError(f"must be the name of a host, without scheme and port, such as monitor.example.com: {value!r}")
    return value.lower()


def long_secret(secret: SecretStr) -> SecretStr:
    """
    Return *secret* when nobody will guess it; raise ``SecretRefused`` otherwise.
    """
    if len(secret.get_secret_value()) < _LEAST_SECRET_CHARACTERS:
        raise SecretRefused(
            f"must have at least {_LEAST_SECRET_CHARACTERS} characters: `openssl rand -hex 32` makes a good one"
        )
    return one_line(secret)


LongSecret = Annotated[SecretStr, AfterValidator(long_secret)]
HostName = Annotated[
    str, AfterValidator(host_name), Field(json_schema_extra={"pattern": f"^{_HOST_NAME.pattern}$", "maxLength": 253})
]


class WebTls(Section):
    """
    TLS of the server itself, 1.2 or newer.
    """

    certificate: str = Field(
        min_length=1, max_length=4096, description="path of the certificate with its chain (PEM), from this folder"
    )
    key: str = Field(min_length=1, max_length=4096, description="path of its private key (PEM), without a passphrase")


class Web(Section):
    """
    Where metrics, status page and API are served, and who may do what there.
    """

    listen: Annotated[str, AfterValidator(host_and_port)] = Field(
        default="127.0.0.1:9464",
        description="HOST:PORT; port 0 takes any that is free",
        json_schema_extra={"pattern": f"^{_ADDRESS.pattern}$"},
    )
    token: LongSecret | None = Field(default=None, description="bearer token that lets in whoever starts work")
    user: str | None = Field(
        default=None, pattern=r"^[^:\s]{1,64}$", description="user of basic authentication, which lets in as well"
    )
    password: LongSecret | None = Field(default=None, description="password of that user")
    readers: Readers = Field(
        default=Readers.ANYBODY, description="who may read: anybody, or only who is authorized to start work"
    )
    hosts: tuple[HostName, ...] = Field(
        default=(),
        max_length=100,
        description="names by which it may be asked, beside localhost, IP addresses and that of listen",
    )
    tls: WebTls | None = Field(default=None, description="certificate and key; without, it is plain HTTP")

    @property
    def host(self) -> str:
        """
        The host of *listen*, without brackets.
        """
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def has_credentials(self) -> bool:
        """
        Whether anybody can show that he is let in.
        """
        return self.token is not None or self.password is not None

    @property
    def is_loopback(self) -> bool:
        """
        Whether only this machine can reach it.
        """
        return self.host == "localhost" or is_loopback(self.host)


def is_loopback(address: str) -> bool:
    """
    Return whether *address* is an IP address of this machine only.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_loopback
