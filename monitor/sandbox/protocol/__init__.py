"""
What is common to every call: who calls, what it may do, how routes are found and answers are written.
"""
