"""
Who may do what with the documents of a collection: what is declared, what is really so, and what would mend it.
"""
