"""
The platform's booking site: a small static app, with a customer's and a therapist's pages, that uses the API from a
browser as the real one does.
"""
