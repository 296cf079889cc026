"""
What lies beside accounts and documents: teams, messages, functions.
"""

import json

from appwrite.client import Client
from appwrite.enums.messaging_provider_type import MessagingProviderType
from appwrite.query import Query
from appwrite.services.functions import Functions
from appwrite.services.messaging import Messaging
from appwrite.services.teams import Teams
from appwrite.services.users import Users

from tests.clients.steps import Tour, plain, until


def visit_teams(tour: Tour, server: Client, user: Client) -> None:
    """
    Make a team; a user sees it for as long as he belongs to it.
    """
    teams, of_user = Teams(server), Teams(user)
    tour.expect("teams.create", lambda: plain(teams.create("crew", "Crew"))["total"], 0)
    tour.expect("teams.list before", lambda: plain(of_user.list())["total"], 0)
    made = plain(teams.create_membership("crew", ["owner"], user_id="ann"))
    tour.expect("create_membership", lambda: (made["confirm"], made["roles"]), (True, ["owner"]))
    tour.expect("teams.list", lambda: plain(of_user.list())["total"], 1)
    tour.expect("update_name", lambda: plain(of_user.update_name("crew", "Gang"))["name"], "Gang")
    tour.expect(
        "update_membership", lambda: plain(teams.update_membership("crew", made["$id"], ["night"]))["roles"], ["night"]
    )
    tour.refused("update_name as member", lambda: of_user.update_name("crew", "No"), 401, "user_unauthorized")
    tour.expect("list_memberships", lambda: plain(teams.list_memberships("crew"))["total"], 1)
    tour.expect("delete_membership", lambda: teams.delete_membership("crew", made["$id"]), b"")
    tour.refused("teams.get after", lambda: of_user.get("crew"), 404, "team_not_found")


def visit_messaging(tour: Tour, server: Client) -> None:
    """
    Send a message to a device, one to nobody, and keep one as a draft.
    """
    api, users = Messaging(server), Users(server)
    phone = ("ann", "phone", MessagingProviderType.PUSH, "a-token")
    tour.expect("create_target", lambda: plain(users.create_target(*phone))["providerType"], "push")
    tour.expect("list_targets", lambda: plain(users.list_targets("ann"))["total"], 2)

    def status_of(id_: str) -> list[object]:
        until(lambda: plain(api.get_message(id_))["status"] != "processing")
        message = plain(api.get_message(id_))
        return [message["status"], message["deliveredTotal"], message["deliveryErrors"]]

    tour.expect(
        "create_push", lambda: plain(api.create_push("m1", "Booking", "Tonight", users=["ann"]))["status"], "processing"
    )
    tour.expect("push is sent", lambda: status_of("m1"), ["sent", 1, []])
    api.create_email("m2", "Subject", "Content", users=["nobody"])
    tour.expect("email to nobody", lambda: status_of("m2"), ["failed", 0, ["No valid recipients found."]])
    tour.expect("create_sms draft", lambda: plain(api.create_sms("m3", "Text", draft=True))["status"], "draft")
    tour.expect("list_messages", lambda: plain(api.list_messages([Query.equal("status", "failed")]))["total"], 1)
    tour.refused("message to nobody at all", lambda: api.create_push("m4", "t"), 400, "message_missing_target")
    tour.refused("get_message missing", lambda: api.get_message("m9"), 404, "message_not_found")
    tour.expect("delete message", lambda: api.delete("m3"), b"")


def visit_functions(tour: Tour, server: Client, guest: Client) -> None:
    """
    Execute at once and in the background; be refused by the function and by the server.
    """
    api, of_guest = Functions(server), Functions(guest)

    def run(**options: object) -> list[object]:
        execution = plain(of_guest.create_execution("ping", "hello", **options))
        body = execution["responseBody"]
        return [execution["status"], execution["responseStatusCode"], json.loads(body)["body"] if body else ""]

    tour.expect("create_execution", run, ["completed", 200, "hello"])
    tour.expect("create_execution async", lambda: run(xasync=True), ["waiting", 0, ""])

    def all_done() -> bool:
        return all(each["status"] == "completed" for each in plain(api.list_executions("ping"))["executions"])

    tour.expect("executions are completed", lambda: until(all_done), True)
    tour.expect("list_executions", lambda: plain(api.list_executions("ping"))["total"], 2)

    def chat(text: str) -> list[object]:
        body = json.dumps({"senderId": "ann", "sessionId": "s", "message": text})
        execution = plain(of_guest.create_execution("sendChatMessage", body))
        return [execution["status"], execution["responseStatusCode"]]

    tour.expect("chat message", lambda: chat("see you"), ["completed", 200])
    tour.expect("chat message with a number", lambda: chat("0812 3456 7890"), ["completed", 400])
    tour.expect("chat message too long", lambda: chat("x" * 256), ["failed", 500])
    tour.refused("missing function", lambda: of_guest.create_execution("none"), 404, "function_not_found")
    tour.refused("executions by guest", lambda: of_guest.list_executions("ping"), 401, "general_unauthorized_scope")
    tour.expect("functions.list", lambda: plain(api.list())["total"], 2)
