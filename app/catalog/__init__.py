"""Courses: what they contain, which versions of them exist, and how files become versions."""
