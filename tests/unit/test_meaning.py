"""What words have in common is found without all directions of an embedding."""

import numpy as np

from vybor.generator.meaning import SHARED, _leading


def test_the_leading_directions_are_those_of_the_whole_decomposition() -> None:
    chance = np.random.default_rng(7)
    rows = chance.standard_normal((2000, 96)).astype(np.float32)
    rows[:, :5] *= np.array([9, 7, 5, 3, 2], np.float32)
    turned, _ = np.linalg.qr(chance.standard_normal((96, 96)))
    products = (rows @ turned.astype(np.float32)).T @ (rows @ turned.astype(np.float32))
    exact = np.linalg.eigh(products)[1][:, -SHARED:]
    found = _leading(products)
    assert found.shape == (96, SHARED)
    assert np.allclose(found.T @ found, np.eye(SHARED), atol=1e-4)
    assert np.linalg.svd(exact.T @ found)[1].min() > 0.9999  # one and the same space
