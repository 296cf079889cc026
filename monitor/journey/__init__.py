"""
The step library of journeys: what customer and therapist do on the platform, sentence by sentence, as a profile says.
"""
