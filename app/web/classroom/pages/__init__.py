"""What the classroom's templates are given."""
