"""Who answers how many of a burst: a REP that answers with its process id, or a DEALER that asks; see README.md."""

import collections
import os
import sys

import zmq

PATIENCE_MS = 15_000


def work(sock):
    poller = zmq.Poller()
    poller.register(sock, zmq.POLLIN)
    poller.register(sys.stdin, zmq.POLLIN)
    name = b"%d" % os.getpid()
    while sys.stdin.fileno() not in dict(poller.poll()):
        sock.recv()
        sock.send(name)


def ask(sock):
    for line in sys.stdin:
        verb, number = line.split()
        if verb == "send":
            count = int(bytes.fromhex(number))
            for _ in range(count):
                sock.send_multipart([b"", b"request"])
            print("ok", flush=True)
            continue
        shares = collections.Counter()
        while shares.total() < count and sock.poll(PATIENCE_MS):
            shares[sock.recv_multipart()[1]] += 1
        print("msg " + " ".join((b"%d" % share).hex() for share in shares.values()), flush=True)


def main():
    socket = zmq.Context().socket(getattr(zmq, sys.argv[1]))
    socket.linger = 0
    socket.sndhwm = socket.rcvhwm = 0
    socket.connect(sys.argv[-1])
    print("ok", flush=True)
    (work if sys.argv[1] == "REP" else ask)(socket)


main()
