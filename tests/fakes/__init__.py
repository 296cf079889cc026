"""
Servers on loopback that behave as no server should.
"""
