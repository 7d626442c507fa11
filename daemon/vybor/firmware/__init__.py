"""What the machine is told before the kit runs: boot files, BlueZ, systemd, udev."""
