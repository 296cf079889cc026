"""
Messages (push, e-mail, SMS), the providers that carry them, and the worker that hands them over.

The seeded providers take everything and reach nobody. A message stays ``processing`` for as long as the worker does
not work.
"""

from dataclasses import dataclass, field

from monitor.sandbox.state.accounts import Accounts
from monitor.sandbox.state.targets import PROVIDER_TYPES, Target
from monitor.sandbox.state.worker import Worker

# Beyond it the oldest message is forgotten, and of each message the oldest entry of its log.
MAX_MESSAGES = 2_000
MAX_LOGS = 100


@dataclass(slots=True, kw_only=True)
class Provider:
    """
    One provider; *type* is ``push``, ``email`` or ``sms``.
    """

    id: str
    type: str
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """
    What was done to a message, when, and from where.
    """

    event: str
    at: str
    ip: str


@dataclass(slots=True, kw_only=True)
class Message:
    """
    One message; *users*, *topics* and *targets* are the recipients' ids.
    """

    id: str
    provider_type: str
    created_at: str
    updated_at: str
    data: dict[str, object]
    users: list[str]
    topics: list[str]
    targets: list[str]
    status: str
    scheduled_at: str | None = None
    delivered_at: str | None = None
    delivery_errors: list[str] = field(default_factory=list)
    delivered_total: int = 0
    logs: list[LogEntry] = field(default_factory=list)

    @property
    def has_recipients(self) -> bool:
        """
        Whether anybody is named.
        """
        return bool(self.users or self.topics or self.targets)


class Messaging:
    """
    All messages and providers of the project.
    """

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self.messages: dict[str, Message] = {}
        self.providers = {f"sandbox-{each}": Provider(id=f"sandbox-{each}", type=each) for each in PROVIDER_TYPES}
        self.worker = Worker()

    def add(self, message: Message) -> None:
        """
        Keep a message, and forget the oldest one beyond ``MAX_MESSAGES``.
        """
        self.messages[message.id] = message
        if len(self.messages) > MAX_MESSAGES:
            del self.messages[next(iter(self.messages))]

    def log(self, message: Message, entry: LogEntry) -> None:
        """
        Note what was done to a message.
        """
        message.logs = [*message.logs[1 - MAX_LOGS :], entry]

    def recipients(self, message: Message) -> list[Target]:
        """
        Return the targets that a message goes to, each once: those named and those of the users named.
        """
        named = [self._accounts.users[each] for each in message.users if each in self._accounts.users]
        of_users = [target for user in named for target in user.targets]
        wanted = frozenset(message.targets)
        by_id = [each for user in self._accounts.users.values() for each in user.targets if each.id in wanted]
        found = {each.id: each for each in (*of_users, *by_id) if each.provider_type == message.provider_type}
        return list(found.values())

    def deliver(self, message: Message, *, now: str) -> None:
        """
        Hand a message to its provider; the job of the worker.
        """
        recipients = self.recipients(message)
        enabled = any(each.enabled and each.type == message.provider_type for each in self.providers.values())
        message.updated_at = now
        if not recipients or not enabled:
            message.status = "failed"
            message.delivery_errors = [
                "No enabled provider found." if recipients else "No valid recipients found.",
            ]
            return
        message.delivery_errors = [
            f"Failed sending to target {each.identifier} with error: Expired device token"
            for each in recipients
            if each.expired
        ]
        message.delivered_total = len(recipients) - len(message.delivery_errors)
        message.delivered_at = now
        message.status = "failed" if message.delivery_errors else "sent"
