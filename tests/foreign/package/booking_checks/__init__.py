"""
Checks of one booking platform.
"""
