"""A ring by docs/ring.md alone: it shares no line with the library, so that what both say is the page's.

Prints the vectors of src/test/resources/ring/vectors.txt; README.md beside this says what it needs.
"""

import bisect
import struct

import xxhash

M64 = 2**64 - 1


def murmur3(data):
    """The first half of MurmurHash3_x64_128 with seed 0, as its author published it."""
    c1, c2 = 0x87C37B91114253D5, 0x4CF5AD432745937F

    def rotl(x, r):
        return (x << r | x >> (64 - r)) & M64

    def k1(x):
        return rotl(x * c1 & M64, 31) * c2 & M64

    def k2(x):
        return rotl(x * c2 & M64, 33) * c1 & M64

    def fmix(x):
        x = (x ^ x >> 33) * 0xFF51AFD7ED558CCD & M64
        x = (x ^ x >> 33) * 0xC4CEB9FE1A85EC53 & M64
        return x ^ x >> 33

    h1 = h2 = 0
    whole = len(data) // 16 * 16
    for at in range(0, whole, 16):
        a, b = struct.unpack_from("<QQ", data, at)
        h1 = ((rotl(h1 ^ k1(a), 27) + h2) * 5 + 0x52DCE729) & M64
        h2 = ((rotl(h2 ^ k2(b), 31) + h1) * 5 + 0x38495AB5) & M64
    a, b = struct.unpack("<QQ", data[whole:].ljust(16, b"\0"))
    h1, h2 = h1 ^ k1(a) ^ len(data), h2 ^ k2(b) ^ len(data)
    h1 = (h1 + h2) & M64
    h2 = (h2 + h1) & M64
    return (fmix(h1) + fmix(h2)) & M64


HASHES = {1: xxhash.xxh3_64_intdigest, 2: murmur3}


class Ring:
    def __init__(self, code, per_weight, nodes):
        self.code, self.per_weight = code, per_weight
        self.hash = HASHES[code]
        self.nodes = sorted((name.encode(), weight, zone) for name, weight, zone in nodes)
        self.zones = {name: zone for name, _, zone in self.nodes}
        self.tokens = sorted(
            (self.hash(struct.pack("<I", len(name)) + name + struct.pack("<I", i)), name, i)
            for name, weight, _ in self.nodes
            for i in range(weight * per_weight))
        self.uppers = [position >> 24 for position, _, _ in self.tokens]

    def encode(self):
        out = struct.pack(">BBII", 1, self.code, self.per_weight, len(self.nodes))
        for name, weight, zone in self.nodes:
            out += struct.pack(">I", len(name)) + name + struct.pack(">I", weight)
            out += struct.pack(">I", len(zone.encode())) + zone.encode()
        return out + struct.pack(">Q", xxhash.xxh3_64_intdigest(out))

    def replicas(self, key):
        first = bisect.bisect_left(self.uppers, self.hash(key) >> 24)
        met, in_zone, rounds = [], {}, {}
        for i in range(len(self.tokens)):
            name = self.tokens[(first + i) % len(self.tokens)][1]
            if name not in rounds:
                zone = self.zones[name]
                rounds[name] = in_zone[zone] = in_zone.get(zone, 0) + 1
                met.append(name)
        return sorted(met, key=rounds.get)  # Stable: within a round as they were met.


RINGS = [
    Ring(1, 256, [("node-%d" % i, 1, "") for i in range(5)]),
    Ring(1, 16, [("a", 3, "x"), ("b", 1, "x"), ("c", 1, "x"), ("d", 2, "y"), ("e", 1, "")]),
    Ring(1, 3, [("z", 1, "é"), ("\uff5e", 2, "é"), ("😀", 1, "北"), ("", 1, "北")]),
    Ring(2, 64, [("host-%d" % i, 1 + i % 4, "rack-%d" % (i % 3)) for i in range(9)]),
]
TEXTS = ["k" * n for n in (0, 1, 3, 4, 8, 9, 16, 17, 64, 65, 128, 129, 240, 241, 300)]
TEXTS += ["customer-%d" % i for i in range(30)] + ["Zürich", "北京", "😀"]
NUMBERS = [0, 1, -1, 2**63 - 1, -(2**63)] + [i * 0x9E3779B97F4A7C15 % 2**63 for i in range(1, 20)]

if __name__ == "__main__":
    for ring in RINGS:
        print("ring", ring.encode().hex())
        for kind, key, data in [("text", t, t.encode()) for t in TEXTS] + [
                ("number", n, struct.pack("<q", n)) for n in NUMBERS]:
            print("%s %s:%s" % (kind, key, ",".join(n.decode() for n in ring.replicas(data))))
