"""Where the kit's key comes from, and what it protects: for root, on an installed kit. No process loads this."""
