#!/usr/bin/env python3
"""A second reader and writer of snapshot files, made from docs/log-format.md alone.

    snapshot.py golden                the golden file of SnapshotFilesTest, gzipped
    snapshot.py read GROUP-...snap    checks a file, and prints what it is
"""
import gzip, hashlib, os, struct, sys

TABLE = []
for n in range(256):
    for _ in range(8):
        n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
    TABLE.append(n)


def crc(data):
    c = 0xFFFFFFFF
    for b in data:
        c = c >> 8 ^ TABLE[(c ^ b) & 255]
    return c ^ 0xFFFFFFFF


def checksum(part, salt=0, what=b"\0\0\0\0", number=0):
    return crc(struct.pack(">I4sQ", salt, what, number) + part)


def write(group, instance, epoch, index, stamp, content):
    header = struct.pack(">4sIIIQQQQ16sQ32s", b"QSNP", 1, 0, 0, group, instance, epoch, index, stamp, 0, b"")
    header += bytes(4092 - len(header))
    salt = checksum(header)
    out = header + struct.pack(">I", salt)
    pieces = [content[at:at + 65532] for at in range(0, len(content), 65532)]
    for i, piece in enumerate(pieces):
        piece += bytes(-(len(piece) + 4) % 4096)
        out += piece + struct.pack(">I", checksum(piece, salt, b"QBLK", i))
    end = struct.pack(">4sIQ32s", b"QEND", 0, len(content), hashlib.sha256(content).digest())
    end += bytes(4092 - len(end))
    return out + end + struct.pack(">I", checksum(end, salt, b"QEND", len(pieces)))


def read(name, data):
    salt, = struct.unpack(">I", data[4092:4096])
    assert data[:4] == b"QSNP" and checksum(data[:4092]) == salt, "offset 0: damage"
    version, features, received, group, instance, epoch, index = struct.unpack(">IIIQQQQ", data[4:48])
    assert (version, features) == (1, 0), "a later version wrote this"
    assert name == "%016x-%016x-%016x-%016x.snap" % (group, instance, epoch, index), "another name"
    end = data[-4096:]
    length, = struct.unpack(">Q", end[8:16])
    blocks = -(-length // 65532)
    assert end[:4] == b"QEND" and struct.unpack(">I", end[4092:])[0] == checksum(
        end[:4092], salt, b"QEND", blocks), "offset %d: damage" % (len(data) - 4096)
    content, at = b"", 4096
    for i in range(blocks):
        rest = min(65532, length - 65532 * i)
        size = -(-(rest + 4) // 4096) * 4096
        block = data[at:at + size]
        assert struct.unpack(">I", block[-4:])[0] == checksum(block[:-4], salt, b"QBLK", i), "offset %d: damage" % at
        content += block[:rest]
        at += size
    assert at == len(data) - 4096, "the end is elsewhere"
    assert hashlib.sha256(content).digest() == end[16:48], "another digest"
    print("group %d, instance %x, epoch %d, index %d, stamp %s, received %d, %d bytes" % (
        group, instance, epoch, index, data[48:64].hex(), received, length))
    return content


if sys.argv[1] == "golden":
    golden = bytes(i % 251 for i in range(70000))
    sys.stdout.buffer.write(gzip.compress(
        write(7, 0xFEDCBA9876543210, 2, 1000, struct.pack(">QQ", 5, 3), golden), mtime=0))
else:
    read(os.path.basename(sys.argv[2]), open(sys.argv[2], "rb").read())
