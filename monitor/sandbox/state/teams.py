"""
Teams. Who belongs to one is kept with the users, since memberships make their roles.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.sandbox.state.accounts import Accounts, Membership, User

OWNER = "owner"


@dataclass(slots=True, kw_only=True)
class Team:
    """
    One team.
    """

    id: str
    name: str
    created_at: str
    updated_at: str
    prefs: dict[str, object] = field(default_factory=dict)


class Teams(dict[str, Team]):
    """
    All teams of the project by id.
    """

    def __init__(self, accounts: Accounts) -> None:
        super().__init__()
        self._accounts = accounts

    def members(self, team_id: str) -> Iterator[tuple[User, Membership]]:
        """
        Yield who belongs to a team, in the order of the users.
        """
        for user in self._accounts.users.values():
            yield from ((user, each) for each in user.memberships if each.team_id == team_id)

    def sizes(self) -> Counter[str]:
        """
        Return how many belong to each team, by its id.
        """
        return Counter(each.team_id for user in self._accounts.users.values() for each in user.memberships)

    def remove(self, team_id: str) -> list[User]:
        """
        Delete a team with its memberships; return who belonged to it.
        """
        members = [user for user, _ in self.members(team_id)]
        for user in members:
            user.memberships = [each for each in user.memberships if each.team_id != team_id]
        del self[team_id]
        return members
