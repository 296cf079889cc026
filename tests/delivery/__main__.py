"""
``python -m tests.delivery``.
"""

import sys

if __name__ == "__main__":
    from tests.delivery.command import main

    sys.exit(main())
