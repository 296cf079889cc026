"""
An Appwrite-compatible server (1.9.6) to watch, break and test against; it behaves, it is not a mock.
"""
