"""
What collections are declared to be and what they are: every difference, and whom it breaks.
"""
