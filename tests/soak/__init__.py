"""
What takes long: many rounds of every check without a fault.
"""
