"""What a trained model is worth to its person, beside the factory model and the one before.

Everything is measured with the kit's own quantised runtime, the adapter on and off: what is measured is what the
kit will do, and not what the trainer saw. Each figure is one of `figures.SPECS`; who measures it is one module.
"""
