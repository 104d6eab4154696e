"""Certificates: issued once for each completion, checked by anybody who holds one, revoked with a reason."""
