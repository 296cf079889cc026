"""
Incidents as they unfolded: scripts of faults over time, each act with what must be said of it.
"""
