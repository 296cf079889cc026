"""
A package of somebody else's that adds a kind, and is really installed.
"""
