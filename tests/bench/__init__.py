"""
Measures what the monitor costs and how soon it pages, beside others: ``python -m tests.bench``.

It is a measurement and no test: a missed aim is printed, never an error. Ratios of figures that were taken in turns,
round by round, are what can be compared between machines and days; absolute figures only with what stands beside them.
"""
