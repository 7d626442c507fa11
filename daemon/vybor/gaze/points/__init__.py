"""From features to a point on the screen: the fitted model, its error by place, a filter. Pure."""
