"""
What was heard and what that means, without a server.
"""
