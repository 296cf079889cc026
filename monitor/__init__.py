"""
Synthetic monitoring and alerting for platforms on Appwrite.
"""

__version__ = "0.1.0"

# The configuration file, for commands without ``-c``; here, since the command line imports little.
CONFIG_VARIABLE = "MONITOR_CONFIG"
