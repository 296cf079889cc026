"""
The health check of the image: ``python -m monitor.web.healthcheck`` ends with 0 while the daemon's loop turns, else 1.

It knows the port (``MONITOR_WEB__LISTEN``) and not the configuration; so it asks with TLS what does not answer without.
"""

import os
import ssl
import sys
from http.client import HTTPConnection, HTTPException, HTTPSConnection

_SECONDS = 1.0


def is_healthy(port: int) -> bool:
    """
    Return whether the daemon on *port* of this machine says that it is well.
    """
    # Whoever answers on our own loopback needs no certificate to be believed, and ours is for another name.
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    # By loopback, a name that the server answers to. Not urllib: it would ask the proxy that http_proxy names.
    return any(
        _says_so(connection)
        for connection in (
            HTTPConnection("127.0.0.1", port, timeout=_SECONDS),
            HTTPSConnection("127.0.0.1", port, timeout=_SECONDS, context=trusting),
        )
    )


def _says_so(connection: HTTPConnection) -> bool:
    try:
        connection.request("GET", "/-/healthy")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not is_healthy(int(os.environ.get("MONITOR_WEB__LISTEN", ":9464").rpartition(":")[2])))
