"""What must hold when things break: processes, disks, networks, clocks, and people in a hurry."""
