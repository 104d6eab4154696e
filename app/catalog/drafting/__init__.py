"""A course while it is written: its outline, the heads of its files, moves, new files, questions as forms. Pure."""
