"""
From what checks saw to one cause, with the evidence for and against it, and what to do. Pure, and the same every time.
"""
