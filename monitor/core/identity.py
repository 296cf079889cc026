"""
Who a check may act as; signing in is the business of ``monitor/appwrite/identities.py``.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from monitor.core.target import AppwriteId

# The server key, as an identity. It is the target's and is never declared by a user.
KEY = "key"


class _Identity(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Guest(_Identity):
    """
    Nobody: no session, no key.
    """

    kind: Literal["guest"] = "guest"


class User(_Identity):
    """
    A permanent test user; every run gets a short-lived JWT, minted with the server key.
    """

    kind: Literal["user"] = "user"
    user_id: AppwriteId = Field(description="id of the test user")


class Password(_Identity):
    """
    A test user who signs in with e-mail and password; the session is deleted when the run ends.
    """

    kind: Literal["password"] = "password"
    email: str = Field(min_length=3, description="e-mail of the test user")
    password: SecretStr = Field(description="password of the test user")


class Anonymous(_Identity):
    """
    A new anonymous account for every run, deleted with the server key when the run ends.
    """

    kind: Literal["anonymous"] = "anonymous"


Identity = Annotated[Guest | User | Password | Anonymous, Field(discriminator="kind")]
