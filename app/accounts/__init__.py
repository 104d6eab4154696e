"""People: their posts, grants, sign-ins and tokens, and the notices written to them."""
