"""
The configuration: environment, secret files and YAML become ``Settings``, or every problem is told at once.
"""

from monitor.config.load import load_settings
from monitor.config.settings import Settings

__all__ = ["Settings", "load_settings"]
