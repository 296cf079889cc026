"""
How messages, and what was done to them, are shown.
"""

from monitor.sandbox.state.messaging import LogEntry, Message


def show_message(message: Message) -> dict[str, object]:
    """
    Return a message as an answer shows it.
    """
    return {
        "$id": message.id,
        "$createdAt": message.created_at,
        "$updatedAt": message.updated_at,
        "providerType": message.provider_type,
        "topics": message.topics,
        "users": message.users,
        "targets": message.targets,
        "scheduledAt": message.scheduled_at,
        "deliveredAt": message.delivered_at,
        "deliveryErrors": message.delivery_errors,
        "deliveredTotal": message.delivered_total,
        "data": dict(message.data),
        "status": message.status,
    }


def show_log(entry: LogEntry) -> dict[str, object]:
    """
    Return an entry of a log; only server keys write messages, so that no user is named.
    """
    return {
        "event": entry.event,
        "userId": "",
        "userEmail": "",
        "userName": "",
        "mode": "default",
        "ip": entry.ip,
        "time": entry.at,
        "countryCode": "--",
        "countryName": "Unknown",
    }
