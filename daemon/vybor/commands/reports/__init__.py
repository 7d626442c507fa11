"""What every report has in common: its folder, the ink of its pictures, the paper of its page."""
