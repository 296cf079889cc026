"""
Synthetic monitoring and alerting for platforms on Appwrite.
"""

__version__ = "0.1.0"
