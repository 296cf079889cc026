"""
TLS of the daemon's own server.
"""

import ssl
from pathlib import Path


class _EncryptedError(Exception):
    """
    The key has a passphrase.
    """


def server_tls(certificate: Path, key: Path) -> ssl.SSLContext:
    """
    Return the context of a server that shows *certificate* (PEM, with its chain); raise ``ValueError`` when it cannot.
    """
    for name, path in (("certificate", certificate), ("key", key)):
        _demand_readable(name, path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key, password=_refuse_passphrase)
    except _EncryptedError:
        # Without this, the daemon would wait at its start for somebody to type.
        raise ValueError("key has a passphrase: `openssl pkey -in KEY -out NEW` removes it") from None
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise ValueError("key is not that of the certificate: name the two that belong together") from None
        raise ValueError(
            "certificate and key cannot be used: both must be PEM, the certificate with its chain"
        ) from None
    return context


def _demand_readable(name: str, path: Path) -> None:
    try:
        with path.open("rb") as file:
            file.read(1)
    except FileNotFoundError:
        raise ValueError(f"no such {name}: check the path, a relative one begins where the YAML file is") from None
    except OSError as error:
        raise ValueError(f"{name} cannot be read: {error.strerror}: check its owner and mode") from None


def _refuse_passphrase() -> str:
    raise _EncryptedError
