"""
A network of one's own, in which everything that the machine of a monitor can lack is really lacking.

``python -m tests.diagnosis.namespace SERVICES COMMAND…`` runs inside: it starts the services, then the command.
"""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

# What the mirror of these tests is called, and where it is: nowhere outside.
MIRROR, PLATFORM = "mirror.test", "platform.test"
_HERE = "127.0.0.1"


def run_inside(
    folder: Path, command: Sequence[str], *, network: str = "", services: str = "", name_server: str = _HERE
) -> subprocess.CompletedProcess[str]:
    """
    Run *command* where only ``lo`` is up, and after the commands *network*; names are asked of *name_server*.

    *services* are of ``dns`` (knows the mirror only), ``dns-all`` (knows both), ``silent-dns`` and ``http``.
    """
    missing = [tool for tool in ("unshare", "ip", "mount") if shutil.which(tool) is None]
    if missing or os.geteuid() != 0:
        message = f"a network namespace needs root and {', '.join(missing) or 'unshare'}: run the tests as root"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    resolver = folder / "resolv.conf"
    resolver.write_text(f"nameserver {name_server}\noptions timeout:1 attempts:2\n")
    script = f"""
        set -e
        ip link set lo up
        mount --bind {resolver} /etc/resolv.conf
        {network}
        exec "$@"
    """
    inside = [sys.executable, "-m", "tests.diagnosis.namespace", services, *command]
    return subprocess.run(
        ["unshare", "--net", "--mount", "sh", "-c", script, "sh", *inside],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        cwd=Path(__file__).parents[2],
        env={**os.environ},
    )


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        return


def _serve_names(known: Sequence[str], *, silent: bool = False) -> None:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((_HERE, 53))

    def answer() -> None:
        while True:
            query, whence = server.recvfrom(512)
            if not silent:
                server.sendto(_answer(query, known), whence)

    threading.Thread(target=answer, daemon=True).start()


def _answer(query: bytes, known: Sequence[str]) -> bytes:
    labels, at = [], 12
    while length := query[at]:
        labels.append(query[at + 1 : at + 1 + length].decode())
        at += length + 1
    question, kind = query[12 : at + 5], int.from_bytes(query[at + 1 : at + 3], "big")
    is_known = ".".join(labels) in known
    has_address = is_known and kind == 1
    flags = b"\x81\x80" if is_known else b"\x81\x83"
    head = query[:2] + flags + b"\x00\x01" + (b"\x00\x01" if has_address else b"\x00\x00") + b"\x00\x00\x00\x00"
    record = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x05\x00\x04" + socket.inet_aton(_HERE)
    return head + question + (record if has_address else b"")


def main() -> int:
    """
    Start the services, run the command, and return its exit code.
    """
    services, command = sys.argv[1].split("+"), sys.argv[2:]
    if "dns" in services:
        _serve_names([MIRROR])
    if "dns-all" in services:
        _serve_names([MIRROR, PLATFORM])
    if "silent-dns" in services:
        _serve_names([], silent=True)
    if "http" in services:
        threading.Thread(target=HTTPServer((_HERE, 80), _Page).serve_forever, daemon=True).start()
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
