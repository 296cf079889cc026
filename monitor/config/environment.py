"""
The ``MONITOR_…`` variables that hold values, such as ``MONITOR_CHECKS__CHAT_DELIVERY__EVERY``.

Lists and mappings are JSON. Variables change the checks and identities of the file and declare none, since a name that
is not in the file is a misspelt one far more often.
"""

import re
from typing import Any

from monitor.config.names import OTHER_VARIABLES, PREFIX, refuse_name, route_of, secret_of
from monitor.config.source import Source

# What Kubernetes sets in every pod of a namespace that has a service named monitor or monitor-….
_SERVICE_LINK = re.compile(
    r"MONITOR_(?:[A-Z0-9_]+_)?(?:SERVICE_(?:HOST|PORT(?:_\w+)?)|PORT_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?)"
)


class EnvironmentSource(Source):
    """
    Values of variables; the variables that name secret files are left to ``SecretFilesSource``.
    """

    def __call__(self) -> dict[str, Any]:
        """
        Return the values; a variable that names nothing is a problem.
        """
        for variable, text in sorted(self.draft.environ.items()):
            if not variable.startswith(PREFIX) or self._is_foreign(variable, text):
                continue
            source = f"environment variable {variable}"
            route = route_of(self.draft, variable)
            if route is None:
                refuse_name(self.draft, variable, source)
            elif not secret_of(self.draft, route):
                self.put(route, self.parsed(route, text, source), source)
        return self.values

    def _is_foreign(self, variable: str, text: str) -> bool:
        return (
            variable in OTHER_VARIABLES
            or variable in self.draft.document.variables
            or bool(_SERVICE_LINK.fullmatch(variable))
            or text.startswith(("tcp://", "udp://"))
        )
