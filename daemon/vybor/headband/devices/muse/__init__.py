"""Muse headbands over Bluetooth Low Energy, by bleak and BlueZ: wheels for every machine, no BrainFlow."""
