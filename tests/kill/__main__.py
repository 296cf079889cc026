"""
``python -m tests.kill``.
"""

import sys

if __name__ == "__main__":
    from tests.kill.command import main

    sys.exit(main())
