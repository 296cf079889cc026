"""
Code that does not do what it is there for; a fault puts it in the place of what does.
"""

from monitor.sandbox.functions.chat import send_chat_message
from monitor.sandbox.functions.invocation import Invocation, Result, as_json


def fail(_: Invocation) -> Result:
    """
    Break down before anything is done.
    """
    return Result(status=500, body="", errors="Error: an error was thrown while the function ran")


def refuse(_: Invocation) -> Result:
    """
    Refuse whatever it is given, as the contact filter does.
    """
    return as_json(400, {"success": False, "error": "Message blocked", "violationType": "contact_information"})


def misfile(invocation: Invocation) -> Result:
    """
    Do what ``sendChatMessage`` does, and store the message under an id that nobody else makes of the conversation's.
    """
    # Cut as the attribute cuts it.
    return send_chat_message(invocation, filed_under=lambda id_: f"therapist_{id_}"[:36])
