"""Between the publisher side of a broker and its subscribers: passes all on but a share of the topic "replica".

Arguments: the port of the broker's XPUB, the port to listen on, and the share.
"""
import sys
import zmq
from dropping import pass_on

source, target = ("tcp://127.0.0.1:" + port for port in sys.argv[1:3])
context = zmq.Context()
publishers = context.socket(zmq.XSUB)
publishers.connect(source)
subscribers = context.socket(zmq.XPUB)
subscribers.bind(target)
print("ready", flush=True)
pass_on(publishers, subscribers, float(sys.argv[3]))
