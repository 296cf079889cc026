"""
What collections are declared to be, and what differs.
"""
