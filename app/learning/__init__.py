"""What a learner has done, and what that adds up to."""
