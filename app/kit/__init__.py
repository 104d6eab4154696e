"""Machinery that knows nothing of learning and nothing of HTTP."""
