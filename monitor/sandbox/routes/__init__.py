"""
The REST endpoints, one file for each subject.
"""
