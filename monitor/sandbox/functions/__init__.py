"""
The code of the functions that are deployed on the platform.
"""
