"""What both scripts that drop replicas do."""
import random
import zmq


def pass_on(publishers, subscribers, share):
    """From XSUB to XPUB and back for ever, but that share of the topic "replica"."""
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
