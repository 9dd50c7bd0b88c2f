"""Between the publisher side of a broker and its subscribers: passes all on but a share of the topic "replica".

Arguments: the port of the broker's XPUB, the port to listen on, and the share.
"""
import random
import sys
import zmq

source, target = ("tcp://127.0.0.1:" + port for port in sys.argv[1:3])
share = float(sys.argv[3])
context = zmq.Context()
publishers = context.socket(zmq.XSUB)
publishers.connect(source)
subscribers = context.socket(zmq.XPUB)
subscribers.bind(target)
print("ready", flush=True)
chance = random.Random(1)
poller = zmq.Poller()
poller.register(publishers, zmq.POLLIN)
poller.register(subscribers, zmq.POLLIN)
while True:
    for socket, _ in poller.poll():
        frames = socket.recv_multipart()
        if socket is subscribers:
            publishers.send_multipart(frames)
        elif frames[0] != b"replica" or chance.random() >= share:
            subscribers.send_multipart(frames)
        else:
            print("dropped", flush=True)
