"""Programs with aio-pika: python3 client.py COMMAND PORT [ARGUMENT...]"""

import asyncio
import sys

import aio_pika
import pamqp.exceptions
from aio_pika import DeliveryMode, ExchangeType, Message

PATIENCE_S = 60
# A connection that the broker leaves in the middle of a frame raises what the codec below aio-pika raises.
LOST = (OSError, RuntimeError, asyncio.TimeoutError, aio_pika.exceptions.AMQPError, pamqp.exceptions.PAMQPException)
COMMAND, PORT, *REST = sys.argv[1:]


async def connect():
    """A connection that aio-pika itself brings back after the broker was away."""
    end = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        try:
            return await aio_pika.connect_robust(f"amqp://guest:guest@127.0.0.1:{PORT}/", reconnect_interval=0.2)
        except (OSError, aio_pika.exceptions.AMQPError):
            if asyncio.get_running_loop().time() > end:
                raise
            await asyncio.sleep(0.1)


async def publish(ledger, count):
    """Publishes numbers and writes down each that was confirmed."""
    connection = await connect()
    channel = await connection.channel(publisher_confirms=True)
    await channel.declare_queue("jobs", durable=True)
    number = 0
    with open(ledger, "a", buffering=1, encoding="utf-8") as told:
        while number < int(count):
            try:
                job = Message(b"%d" % number, delivery_mode=DeliveryMode.PERSISTENT)
                await channel.default_exchange.publish(job, "jobs", timeout=5)
                told.write("%d\n" % number)
                number += 1
                await asyncio.sleep(0.002)
            except LOST as e:
                print(type(e).__name__, e, flush=True)
                await asyncio.sleep(0.1)
    await connection.close()


async def work(ledger):
    """Writes down each number before it is acknowledged, until it is killed. Its consumer is brought back."""
    connection = await connect()
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=10)
    queue = await channel.declare_queue("jobs", durable=True)
    with open(ledger, "a", buffering=1, encoding="utf-8") as done:

        async def on_job(job):
            async with job.process(ignore_processed=True):
                done.write("%d\n" % int(job.body))
                await asyncio.sleep(0.003)

        await queue.consume(on_job)
        await asyncio.Future()


async def request(count):
    """Doubles numbers for whoever asks by a queue that the server names."""
    server, client = await connect(), await connect()
    serving, asking = await server.channel(), await client.channel()
    double = await serving.declare_queue("double")
    answered, answered_all = [], asyncio.Event()

    async def on_question(question):
        async with question.process():
            answer = Message(b"%d" % (2 * int(question.body)), correlation_id=question.correlation_id)
            await serving.default_exchange.publish(answer, question.reply_to)
        answered.append(question.correlation_id)
        if len(answered) == int(count):
            answered_all.set()  # confirmed too, which may be behind the answer itself

    await double.consume(on_question)
    inbox = await asking.declare_queue(exclusive=True)
    answers = {}
    heard_all = asyncio.Event()

    async def on_answer(answer):
        answers[answer.correlation_id] = int(answer.body)
        if len(answers) == int(count):
            heard_all.set()

    await inbox.consume(on_answer, no_ack=True)
    for number in range(int(count)):
        question = Message(b"%d" % number, reply_to=inbox.name, correlation_id=str(number))
        await asking.default_exchange.publish(question, "double")
    await asyncio.wait_for(heard_all.wait(), PATIENCE_S)
    await asyncio.wait_for(answered_all.wait(), PATIENCE_S)
    await client.close()
    await server.close()
    print(len(answers), "answers, sum", sum(answers.values()))


async def fan_out(count):
    """Three hear the same."""
    subscribers = []
    for _ in range(3):
        connection = await connect()
        channel = await connection.channel()
        news = await channel.declare_exchange("news", ExchangeType.FANOUT)
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(news)
        subscribers.append((connection, queue))
    publisher = await connect()
    news = await (await publisher.channel()).get_exchange("news")
    for number in range(int(count)):
        await news.publish(Message(b"%d" % number), "")
    heard_all = 0
    for connection, queue in subscribers:
        heard = []
        async with queue.iterator(no_ack=True) as messages:
            async for message in messages:
                heard.append(int(message.body))
                if len(heard) == int(count):
                    break
        heard_all += heard == list(range(int(count)))
        await connection.close()
    await publisher.close()
    print(heard_all, "heard all")


asyncio.run({"publish": publish, "work": work, "request": request, "fan-out": fan_out}[COMMAND](*REST))
