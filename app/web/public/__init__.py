"""What everybody may see, and the doors: front page, catalogue, sign-in, one's own account, notices of law."""
