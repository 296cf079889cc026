"""
What becomes of outcomes: history, incidents, and their way to a person, without a lost or a doubled page.
"""
