"""
Every fault of the sandbox against every kind of check: what each must find, and that it finds nothing without a fault.
"""
