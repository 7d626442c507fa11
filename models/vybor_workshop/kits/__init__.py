"""The kits that this workstation is paired with."""
