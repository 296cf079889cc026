"""
The rules on what the section ``web`` says, and on the files that it names.
"""

from monitor.config.draft import Draft
from monitor.config.server_tls import server_tls
from monitor.config.settings import Settings
from monitor.config.web import Readers


def judge_web(draft: Draft, settings: Settings) -> None:
    """
    Refuse half a credential, a lock without a key, and a certificate that cannot be used.
    """
    web = settings.web
    if (web.user is None) is not (web.password is None):
        there = "user" if web.password is None else "password"
        lacks = "password" if there == "user" else "user"
        draft.refuse(("web", there), f"is given without {lacks}: give both, or neither")
    elif web.readers is Readers.AUTHORIZED and not web.has_credentials:
        message = "nobody could be let in: give web.token, or web.user and web.password"
        draft.refuse(("web", "readers"), message)
    if web.tls is not None:
        try:
            server_tls(settings.beside(web.tls.certificate), settings.beside(web.tls.key))
        except ValueError as error:
            draft.refuse(("web", "tls"), str(error))
