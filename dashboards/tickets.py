"""
Takes tickets from Alertmanager and prints them: `docker compose logs -f tickets`. In place of your own tracker.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_MAX_BYTES = 1 << 20


class Tickets(BaseHTTPRequestHandler):
    """
    Answers every request; one line an alert.
    """

    timeout = 10

    def do_GET(self) -> None:
        """
        Say that it is there.
        """
        self._answer(200)

    def do_POST(self) -> None:
        """
        Print the alerts of a notification.
        """
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= _MAX_BYTES:
            self._answer(413)
            return
        try:
            for alert in json.loads(self.rfile.read(length))["alerts"]:
                labels, annotations = alert["labels"], alert["annotations"]
                print(alert["status"], labels["alertname"], annotations.get("summary", ""), flush=True)  # noqa: T201
        except (ValueError, KeyError, TypeError):
            self._answer(400)
            return
        self._answer(200)

    def log_message(self, *_arguments: object) -> None:
        """
        Say nothing of health checks.
        """

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


if __name__ == "__main__":
    # Reached over the network of the containers, and published nowhere.
    ThreadingHTTPServer(("0.0.0.0", 8080), Tickets).serve_forever()  # noqa: S104
