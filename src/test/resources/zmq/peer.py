"""One pyzmq socket, driven by lines on standard input; see README.md."""

import sys

import zmq

TEXT_OPTIONS = {"routing-id": zmq.ROUTING_ID, "plain-username": zmq.PLAIN_USERNAME, "plain-password": zmq.PLAIN_PASSWORD}
NUMBER_OPTIONS = {
    "sndhwm": zmq.SNDHWM,
    "rcvhwm": zmq.RCVHWM,
    "heartbeat-ivl": zmq.HEARTBEAT_IVL,
    "immediate": zmq.IMMEDIATE,
    "req-correlate": zmq.REQ_CORRELATE,
    "req-relaxed": zmq.REQ_RELAXED,
}
SEND_PATIENCE_MS = 200


def decode(text):
    return b"" if text == "-" else bytes.fromhex(text)


def run(sock, verb, *rest):
    if verb == "send":
        try:
            sock.send_multipart([decode(frame) for frame in rest])
        except zmq.Again:
            return "full"
    elif verb == "recv":
        if not sock.poll(int(rest[0])):
            return "none"
        return " ".join(["msg"] + [frame.hex() or "-" for frame in sock.recv_multipart()])
    elif verb == "sub":
        sock.setsockopt(zmq.SUBSCRIBE, decode(rest[0]))
    elif verb == "unsub":
        sock.setsockopt(zmq.UNSUBSCRIBE, decode(rest[0]))
    else:
        return "error unknown " + verb
    return "ok"


def main(kind, *arguments):
    context = zmq.Context()
    sock = context.socket(getattr(zmq, kind))
    sock.setsockopt(zmq.SNDTIMEO, SEND_PATIENCE_MS)
    for argument in arguments[:-1]:
        name, value = argument.split("=", 1)
        if name in TEXT_OPTIONS:
            sock.setsockopt(TEXT_OPTIONS[name], value.encode())
        else:
            sock.setsockopt(NUMBER_OPTIONS[name], int(value))
    sock.connect(arguments[-1])
    print("ok", flush=True)
    for line in sys.stdin:
        try:
            answer = run(sock, *line.split())
        except zmq.ZMQError as failure:
            answer = "error " + str(failure)
        print(answer, flush=True)
    sock.close()
    context.term()


main(*sys.argv[1:])
