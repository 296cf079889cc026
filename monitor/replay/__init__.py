"""
The replay of an incident: its script is played on the sandbox, and what the daemon says of it is judged.
"""
