"""Quizzes taken: attempts, answers and how they are marked."""
