"""
From incidents to people.
"""
