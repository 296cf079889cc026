"""
What the files of a front end name, and whether that is right.
"""
