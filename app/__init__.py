"""Klasteris: a virtual training platform for the public sector."""
