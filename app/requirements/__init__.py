"""Who must learn what by when: assignments of a course to a part of the tree, and the reminders they send."""
