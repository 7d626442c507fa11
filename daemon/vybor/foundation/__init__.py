"""What every process stands on: time, the bus, settings, errors, places on the disk, the heartbeat."""
