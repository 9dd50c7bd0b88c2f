"""Programs with pika: python3 client.py COMMAND PORT [ARGUMENT...]"""

import sys
import threading
import time

import pika
from pika.exceptions import AMQPError

PATIENCE_S = 60


def connect(port):
    """Connects to the broker, as soon as it is there."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return pika.BlockingConnection(
                pika.ConnectionParameters("127.0.0.1", int(port), socket_timeout=10, blocked_connection_timeout=20)
            )
        except (OSError, AMQPError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def publish(port, ledger, count):
    """Publishes numbers and writes down each that was confirmed."""
    number = 0
    with open(ledger, "a", buffering=1, encoding="utf-8") as told:
        while number < int(count):
            try:
                channel = connect(port).channel()
                channel.queue_declare("jobs", durable=True)
                channel.confirm_delivery()
                while number < int(count):
                    persistent = pika.BasicProperties(delivery_mode=2)
                    channel.basic_publish("", "jobs", b"%d" % number, persistent, mandatory=True)
                    told.write("%d\n" % number)
                    number += 1
                    time.sleep(0.002)
                channel.connection.close()
            except (OSError, AMQPError):
                time.sleep(0.1)


def work(port, ledger):
    """Writes down each number before it is acknowledged, until it is killed."""
    with open(ledger, "a", buffering=1, encoding="utf-8") as done:
        while True:
            try:
                channel = connect(port).channel()
                channel.queue_declare("jobs", durable=True)
                channel.basic_qos(prefetch_count=10)
                for method, _, body in channel.consume("jobs"):
                    done.write("%d\n" % int(body))
                    channel.basic_ack(method.delivery_tag)
                    time.sleep(0.003)
            except (OSError, AMQPError):
                time.sleep(0.1)


def serve(port):
    """Doubles numbers for whoever asks."""
    channel = connect(port).channel()
    channel.queue_declare("double")

    def answer(at, method, properties, body):
        reply = pika.BasicProperties(correlation_id=properties.correlation_id)
        at.basic_publish("", properties.reply_to, b"%d" % (2 * int(body)), reply)
        at.basic_ack(method.delivery_tag)

    channel.basic_consume("double", answer)
    channel.start_consuming()


def request(port, count):
    """Asks by a queue that the server names, and prints the sum of the answers."""
    threading.Thread(target=serve, args=(port,), daemon=True).start()
    channel = connect(port).channel()
    channel.queue_declare("double")
    answers = {}
    inbox = channel.queue_declare("", exclusive=True).method.queue
    channel.basic_consume(
        inbox, lambda at, method, properties, body: answers.update({properties.correlation_id: int(body)}), True
    )
    for number in range(int(count)):
        question = pika.BasicProperties(reply_to=inbox, correlation_id=str(number))
        channel.basic_publish("", "double", b"%d" % number, question)
    end = time.monotonic() + PATIENCE_S
    while len(answers) < int(count) and time.monotonic() < end:
        channel.connection.process_data_events(0.2)
    channel.connection.close()
    print(len(answers), "answers, sum", sum(answers.values()))


def fan_out(port, count):
    """Publishes to three subscribers, and prints how many have heard all."""
    heard = []
    subscribers = []
    for _ in range(3):
        channel = connect(port).channel()
        channel.exchange_declare("news", "fanout")
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, "news")
        mine = []
        heard.append(mine)
        channel.basic_consume(queue, lambda at, method, properties, body, to=mine: to.append(int(body)), True)
        subscribers.append(channel)
    publisher = connect(port).channel()
    publisher.confirm_delivery()
    for number in range(int(count)):
        publisher.basic_publish("news", "", b"%d" % number, mandatory=True)
    end = time.monotonic() + PATIENCE_S
    while any(len(one) < int(count) for one in heard) and time.monotonic() < end:
        for channel in subscribers:
            channel.connection.process_data_events(0.1)
    for channel in subscribers + [publisher]:
        channel.connection.close()
    print(sum(one == list(range(int(count))) for one in heard), "heard all")


def stream_publish(port, first, count):
    """Publishes numbers to a stream, each confirmed before the next."""
    channel = connect(port).channel()
    channel.queue_declare("history", durable=True, arguments={"x-queue-type": "stream", "x-max-age": "7D"})
    channel.confirm_delivery()
    for number in range(int(first), int(first) + int(count)):
        channel.basic_publish("", "history", b"%d" % number, pika.BasicProperties(delivery_mode=2), mandatory=True)
    channel.connection.close()
    print("published")


def stream_read(port, offset, count):
    """Reads a stream from an offset, and prints how many messages, the first and last of them and their offsets."""
    channel = connect(port).channel()
    channel.basic_qos(prefetch_count=10)
    start = int(offset) if offset.isdigit() else offset
    found = []
    end = time.monotonic() + PATIENCE_S
    for method, properties, body in channel.consume(
        "history", arguments={"x-stream-offset": start}, inactivity_timeout=1
    ):
        if body is not None:
            found.append((int(body), properties.headers["x-stream-offset"]))
            channel.basic_ack(method.delivery_tag)
        if len(found) == int(count) or time.monotonic() > end:
            break
    channel.connection.close()
    in_order = found == sorted(found)
    print(len(found), found[0][0], found[0][1], found[-1][0], found[-1][1], in_order)


COMMANDS = {
    "publish": publish,
    "work": work,
    "request": request,
    "fan-out": fan_out,
    "stream-publish": stream_publish,
    "stream-read": stream_read,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
