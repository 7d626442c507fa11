"""From samples to gestures, whatever they come from. Pure and causal."""
