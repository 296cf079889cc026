"""
``python -m tests.conformance [--topic TOPIC]… [--seed N] [--verbose]``: the recordings against the sandbox.

Prints matched/total by topic. ``--seed`` replays under other ids, names and values. Exits with 1 below the aims.
"""

import argparse
import asyncio
import sys

from tests.conformance.recording import Renaming, renamed
from tests.conformance.report import Report, load_deviations
from tests.conformance.topics import TOPICS, replay


def main() -> int:
    """
    Replay, and print the report.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.conformance")
    parser.add_argument("--topic", choices=TOPICS, action="append", help="list the differences of these topics only")
    parser.add_argument("--seed", type=int, help="replay under other ids, names and values")
    parser.add_argument("--verbose", action="store_true", help="list accepted deviations too")
    options = parser.parse_args()
    found = asyncio.run(replay(Renaming() if options.seed is None else renamed(options.seed)))
    report = Report(found, load_deviations())
    print(report.table())  # noqa: T201 - the report
    for topic in options.topic or TOPICS:
        listed = [(id_, each) for id_, many in found[topic].items() for each in many] if options.verbose else None
        for id_, difference in report.open(topic) if listed is None else listed:
            print(f"{topic}: {id_}: {difference}")  # noqa: T201
    misses = report.misses()
    print("\n".join(misses) or "all aims met")  # noqa: T201
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
