"""
From outcomes to incidents: pure folds. Same input, same output, whatever the clock and the network do.
"""
