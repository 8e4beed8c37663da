import numpy as np

MASK = 2 ** 64 - 1
FOLDS_PURPOSE = 16


def key_of(seed):
    """The key that rand_core makes of a seed, by the generator PCG32."""
    state, words = seed, []
    for _ in range(8):
        state = (state * 0x5851F42D4C957F2D + 0xA17654E46FBE17F3) & MASK
        mixed = ((state >> 18) ^ state) >> 27 & 0xFFFFFFFF
        turn = state >> 59
        words.append((mixed >> turn | mixed << (32 - turn)) & 0xFFFFFFFF)
    return words


def random_words(seed, stream, count):
    """The first 64-bit words of a stream of ChaCha8 (RFC 8439, 8 rounds)."""
    blocks = np.arange(-(-count // 8), dtype=np.uint64)
    low = np.uint64(0xFFFFFFFF)
    start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *key_of(seed),
             blocks & low, blocks >> np.uint64(32),
             stream & 0xFFFFFFFF, stream >> 32]
    start = [np.zeros(len(blocks), np.uint32) + np.asarray(word, np.uint32)
             for word in start]
    words = [word.copy() for word in start]

    def turn(word, by):
        words[word] = words[word] << np.uint32(by) | words[word] >> np.uint32(
            32 - by)

    def quarter(a, b, c, d):
        for into, by, turned, bits in (
                (a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            words[into] = words[into] + words[by]
            words[turned] = words[turned] ^ words[into]
            turn(turned, bits)

    for _ in range(4):
        for index in range(4):
            quarter(index, index + 4, index + 8, index + 12)
        for index in range(4):
            quarter(index, 4 + (index + 1) % 4, 8 + (index + 2) % 4,
                    12 + (index + 3) % 4)
    table = np.column_stack(
        [word + first for word, first in zip(words, start)])
    return np.ascontiguousarray(table).view("<u8").ravel()[:count]


def shuffled(count, seed, part):
    """0..count in the order of the analysis' shuffle (Fisher-Yates)."""
    places = list(range(count))
    words = random_words(seed, FOLDS_PURPOSE << 48 | part, max(count - 1, 0))
    for last, word in zip(range(count - 1, 0, -1), words.tolist()):
        chosen = word * (last + 1) >> 64
        places[last], places[chosen] = places[chosen], places[last]
    return places


def folds_of(study, asked):
    """The fold of each row: as numbered, else by cluster, else by arm."""
    if study.folds is not None:
        return study.folds
    count, seed = asked["folds"], asked["seed"]
    folds = np.empty(study.rows, dtype=int)
    if study.clusters is not None:
        names, codes = np.unique(study.clusters, return_inverse=True)
        of_cluster = np.empty(len(names), dtype=int)
        of_cluster[shuffled(len(names), seed, 0)] = (
            np.arange(len(names)) % count)
        return of_cluster[codes]
    dealt = 0
    for arm in range(study.arm_count):
        rows = np.flatnonzero(study.arms == arm)
        order = rows[shuffled(len(rows), seed, arm)]
        folds[order] = (dealt + np.arange(len(rows))) % count
        dealt += len(rows)
    return folds
