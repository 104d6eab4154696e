"""What administrators do: organisations, people, roles, imports, the audit trail, the state of the system."""
