"""
The corpus of pairs as a report: ``python -m tests.diagnosis``. A process that a check starts loads this file again.
"""

import sys

if __name__ == "__main__":
    from tests.diagnosis.command import main

    sys.exit(main())
