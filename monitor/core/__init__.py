"""
What a check author sees: the check contract, the outcome, the errors, the clock, the target.
"""
