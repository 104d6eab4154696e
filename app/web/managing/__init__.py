"""What managers and analysts see and do: dashboards, people, reminders, assignments, exports."""
