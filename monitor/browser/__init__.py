"""
A real browser: what customer and therapist see and do in the site's pages, and what those pages send.
"""
