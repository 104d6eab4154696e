"""What trainers see: their courses, uploads and what is wrong in them, versions and who is on each."""
