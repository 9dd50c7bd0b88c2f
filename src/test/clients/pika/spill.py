"""A queue that is not durable, filled far beyond the broker's memory and emptied again.

fill PORT COUNT BYTES   publishes COUNT messages of BYTES each, numbered, and prints how many the queue has then
drain PORT COUNT        takes COUNT messages and prints how many came, and how many of them out of turn
"""

import sys

import pika

QUEUE = "temporary"
DIGITS = 12
PREFETCH = 100
PATIENCE_S = 30


def connect(port):
    parameters = pika.ConnectionParameters("127.0.0.1", port, heartbeat=0)
    return pika.BlockingConnection(parameters)


def fill(port, count, size):
    with connect(port) as connection:
        channel = connection.channel()
        channel.queue_declare(QUEUE, durable=False)
        padding = b"." * (size - DIGITS)
        for number in range(count):
            channel.basic_publish("", QUEUE, b"%0*d" % (DIGITS, number) + padding)
        # Answered behind all that was published.
        print(channel.queue_declare(QUEUE, durable=False).method.message_count)


def drain(port, count):
    with connect(port) as connection:
        channel = connection.channel()
        channel.basic_qos(prefetch_count=PREFETCH)
        came = astray = 0
        for method, _, body in channel.consume(QUEUE, inactivity_timeout=PATIENCE_S):
            if method is None:
                break
            astray += int(body[:DIGITS]) != came
            came += 1
            channel.basic_ack(method.delivery_tag)
            if came == count:
                break
        print(came, astray)


{"fill": fill, "drain": drain}[sys.argv[1]](*map(int, sys.argv[2:]))
