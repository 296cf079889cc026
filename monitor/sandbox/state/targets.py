"""
Where a user can be reached by messages: an address and the kind of provider that serves it.
"""

from dataclasses import dataclass

PROVIDER_TYPES = ("email", "sms", "push")


@dataclass(slots=True, kw_only=True)
class Target:
    """
    One target; *identifier* is an e-mail, a number or the token of a device.
    """

    id: str
    user_id: str
    provider_type: str
    identifier: str
    created_at: str
    updated_at: str
    name: str = ""
    provider_id: str | None = None
    expired: bool = False

    def shown(self) -> dict[str, object]:
        """
        Return the target as an answer shows it.
        """
        return {
            "$id": self.id,
            "$createdAt": self.created_at,
            "$updatedAt": self.updated_at,
            "name": self.name,
            "userId": self.user_id,
            "providerId": self.provider_id,
            "providerType": self.provider_type,
            "identifier": self.identifier,
            "expired": self.expired,
        }
