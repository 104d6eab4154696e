"""Group sessions: one screen, many learners; who was there, what was watched, and answers on paper."""
