"""
The deployed front end: what its files name, how its pages call, and whether the backend agrees.
"""
