"""
The wire: everything that is said to Appwrite, and the one place where library errors become ours.
"""
