"""
``make matrix``. Every process that a check starts loads this file again, so that it imports nothing unless it is run.
"""

import sys

if __name__ == "__main__":
    from tests.matrix.command import main

    sys.exit(main())
