"""
What carries outcomes out of the daemon.
"""
