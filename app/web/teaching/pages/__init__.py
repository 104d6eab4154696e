"""The pages of the teaching area: frozen view models, composed from the queries of several slices."""
