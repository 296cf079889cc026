"""
The store, on real files, with real processes that are killed, real disks that are full, and real damage.
"""
