"""Group sessions: rules, and what the pages cannot show."""
