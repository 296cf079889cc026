"""
The evidence bundle: what was seen and what it means, as one page and one document that need nothing else.
"""
