"""What the workstation sends back, on the kit: taken in, tried, worn on trial, judged."""
