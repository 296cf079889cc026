"""
Executions of functions: started by whoever may, looked at with the server key.
"""

import asyncio
from collections.abc import Mapping
from typing import Literal

from monitor.appwrite.answers import Execution, shape
from monitor.appwrite.caller import Caller, checked
from monitor.appwrite.errors import AppwriteError

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]

# The pause between two looks at an execution: short beside what people wait for, long beside a request.
_PAUSE_SECONDS = 0.25


class Executions(Caller):
    """
    What an identity can ask about functions.
    """

    async def execute(self, function: str, request: Mapping[str, object]) -> Execution:
        """
        Run *function*: *request* holds ``body``, ``path``, ``method``, and ``async`` when nobody is to wait for it.

        What the function does with it is its own affair: nothing that it writes bears the monitor's mark.
        """
        thing = f"function {function!r}"
        answer = await self.ask("POST", f"/functions/{checked(function)}/executions", thing=thing, body=request)
        return shape(Execution, answer, thing=thing)

    async def get_execution(self, function: str, execution_id: str) -> Execution:
        """
        Return an execution, with its errors; for the key with the scope executions.read.
        """
        thing = f"execution of {function!r}"
        path = f"/functions/{checked(function)}/executions/{checked(execution_id)}"
        return shape(Execution, await self.ask("GET", path, thing=thing), thing=thing)

    async def wait_for_execution(self, function: str, execution: Execution, *, within_seconds: float) -> Execution:
        """
        Return *execution* once it has ended, or as it was seen last *within_seconds*; for the key.

        One that was taken on may be stored later, so that it is not to be found yet.
        """
        asked = self.run.elapsed_seconds()
        while True:
            try:
                execution = await self.get_execution(function, execution.id)
            except AppwriteError as error:
                if error.type != "execution_not_found":
                    raise
            left = asked + within_seconds - self.run.elapsed_seconds()
            if execution.has_ended or left <= 0:
                return execution
            await asyncio.sleep(min(_PAUSE_SECONDS, left))
