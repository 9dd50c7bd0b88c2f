"""A peer whose program reads nothing; told to "cut", its machine is dead too: the kernel drops whatever comes for it."""

import ctypes
import socket
import struct
import sys

SO_ATTACH_FILTER = 26

kind, endpoint = sys.argv[1].encode(), sys.argv[-1]
host, port = endpoint[len("tcp://"):].split(":")
peer = socket.create_connection((host, int(port)))
greeting = b"\xff" + bytes(8) + b"\x7f\x03\x01" + b"NULL".ljust(20, b"\0") + bytes(32)
ready = b"\x05READY\x0bSocket-Type" + struct.pack(">I", len(kind)) + kind
peer.sendall(greeting + bytes([4, len(ready)]) + ready)
print("ok", flush=True)
for line in sys.stdin:
    if line.strip() == "cut":
        drop_all = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
        peer.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("@HP", 1, ctypes.addressof(drop_all)))
        print("ok", flush=True)
    else:
        print("error unknown line", flush=True)
