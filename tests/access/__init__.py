"""
Who may do what: cells, grants and the canary, without a server.
"""
