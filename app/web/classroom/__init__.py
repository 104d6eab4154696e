"""Where people learn: their list of courses, reading, quizzes, their record."""
