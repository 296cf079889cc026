"""
What the stand-in remembers: accounts, databases, collections, documents, and how they may be asked.
"""
