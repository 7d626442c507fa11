"""The deciding process: selector, composer and instant tier, wired together and put on the bus."""
