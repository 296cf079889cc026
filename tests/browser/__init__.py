"""
The browser, what is noted of its pages, and what that means.
"""
