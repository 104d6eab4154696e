"""The same queries and actions as JSON, under /api/v1, described by OpenAPI."""
