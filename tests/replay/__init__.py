"""
The replay of incidents, and how it is judged.
"""
