"""
What stays in the target when the monitor is killed: real processes, and everything in the database before and after.
"""
