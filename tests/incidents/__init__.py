"""
From outcomes to incidents.
"""
