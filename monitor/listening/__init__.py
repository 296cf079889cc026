"""
Who hears what over realtime: those who must, those who must not, and the socket that is held all day.
"""
