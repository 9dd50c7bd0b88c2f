"""The original middleware: libzmq's proxies, ROUTER to DEALER and XSUB to XPUB.

Arguments: the four ports, and which share of the messages of the topic "replica" to drop. Without any to drop both
are zmq.proxy; else the second one is a loop around the same sockets.
"""
import sys
import threading
import zmq
from dropping import pass_on

frontend, backend, xsub, xpub = ("tcp://127.0.0.1:" + port for port in sys.argv[1:5])
share = float(sys.argv[5])
context = zmq.Context()


def bound(kind, endpoint):
    socket = context.socket(kind)
    socket.bind(endpoint)
    return socket


requests = bound(zmq.ROUTER, frontend), bound(zmq.DEALER, backend)
threading.Thread(target=zmq.proxy, args=requests, daemon=True).start()
publishers, subscribers = bound(zmq.XSUB, xsub), bound(zmq.XPUB, xpub)
print("ready", flush=True)
if share == 0:
    zmq.proxy(publishers, subscribers)
pass_on(publishers, subscribers, share)
