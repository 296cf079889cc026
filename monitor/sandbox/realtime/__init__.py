"""
The realtime side: sockets, subscriptions, events.
"""
