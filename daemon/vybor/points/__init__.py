"""What rooms that publish looks share: the seam to what gives places, and what is known of their error."""
