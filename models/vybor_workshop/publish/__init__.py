"""From a growth that passed its gate to a signed bundle for its kit, on its way there, and what became of it.

    outgoing/        bundles that wait for their kit, or were sent and not heard of yet (kits/<number>/outgoing)
    published.json   in the growth: what was published, when it was sent (grown/<kit>/models/ for whole models)

The bundle is written first, whole, then what tells of it. So whoever is killed leaves no bundle, or a whole one;
that one is told of the next time (`Queue.settled`).
"""
