"""A user of the messaging application, written from its page alone: a greeter, and an answerer that waits for it.

Arguments: frontend, xpub, own name, the other's name, and "first" for the one that begins. Each prints a line for each
event of its Lamport clock, and ends after three messages in each direction.
"""
import sys
import time
import uuid
import msgpack
import zmq

frontend, xpub, me, other, part = sys.argv[1:6]
context = zmq.Context()
ask = context.socket(zmq.REQ)
ask.setsockopt(zmq.REQ_RELAXED, 1)
ask.setsockopt(zmq.REQ_CORRELATE, 1)
ask.connect(frontend)
listen = context.socket(zmq.SUB)
listen.connect(xpub)
clock = 0


def receive(frame):
    global clock
    message = msgpack.unpackb(frame)
    clock = max(clock, message["clock"]) + 1
    return message


def request(service, **fields):
    global clock
    fields["id"] = uuid.uuid4().hex
    for _ in range(30):
        clock += 1
        head = {"service": service, "user": me, "timestamp": int(time.time() * 1000), "clock": clock}
        ask.send(msgpack.packb({**head, **fields}))
        if ask.poll(1000):
            answer = receive(ask.recv())
            assert answer["id"] == fields["id"] and answer["clock"] > head["clock"], answer
            return answer
    raise SystemExit("no answer to " + service)


def say(i):
    answer = request("message", to=other, text=f"{me} {i}")
    assert answer["status"] == "ok", answer
    print("sent", i, clock, flush=True)


def hear(i):
    while True:
        topic, frame = listen.recv_multipart()
        entry = receive(frame)["entry"]
        if topic == b"user:" + me.encode() and entry["text"] == f"{other} {i}":
            print("heard", i, entry["clock"], clock, flush=True)
            return


assert request("login")["status"] == "ok"
assert request("channel", channel="plaza")["status"] == "ok"
assert request("subscribe", channel="plaza")["status"] == "ok"
assert request("publish", channel="plaza", text="hello from " + me)["status"] == "ok"
assert request("publish", channel="nowhere", text="hello")["status"] == "error"
listen.subscribe("user:" + me)
while other not in request("users")["users"]:
    time.sleep(0.1)
# A subscription takes a moment to reach the publishers; what is said before it does is in the history only.
time.sleep(1)
request("publish", channel="plaza", text=me + " listens")
while not any(e["text"] == other + " listens" for e in request("history", channel="plaza")["entries"]):
    time.sleep(0.1)
for i in range(3):
    if part == "first":
        say(i)
        hear(i)
    else:
        hear(i)
        say(i)
print("done", len(request("history", **{"with": other})["entries"]), flush=True)
