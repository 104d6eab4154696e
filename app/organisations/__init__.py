"""The tree of organisations: municipalities, their institutions and units, and partners."""
