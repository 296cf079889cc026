"""
What can be wrong with the platform, and the switches for it.
"""
