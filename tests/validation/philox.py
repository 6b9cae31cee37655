"""Random123's Philox4x32-10, written down once more in Python: what solvers/random.hpp gives, for scripts that check it.

Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11.
"""

WORD = 0xFFFFFFFF


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        first, second = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(second >> 32) ^ c[1] ^ k[0], second & WORD, (first >> 32) ^ c[3] ^ k[1], first & WORD]
        k = [(k[0] + 0x9E3779B9) & WORD, (k[1] + 0xBB67AE85) & WORD]
    return c


def uniform(seed, purpose, i, j):
    """to_unit_interval(random_bits(seed, purpose, i, j)): in (0, 1)."""
    low, high, _, _ = philox((i & WORD, i >> 32, j, purpose), (seed & WORD, seed >> 32))
    return (((high << 32 | low) >> 12) + 0.5) * 2.0**-52


# Random123's own known answers (kat_vectors).
assert philox((0, 0, 0, 0), (0, 0)) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
assert philox((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0)) == [
    0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]
