"""Audit packs: for one place, one requirement and one day, all that an auditor asks for, signed."""
