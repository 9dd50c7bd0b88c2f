"""Programs that log in, and print what comes of it: one line a step."""

import sys

STEP_S = 20


def amqp(port, user, password, queue):
    """Publishes one message to a queue that is there, and gets one."""
    import pika

    credentials = pika.PlainCredentials(user, password)
    parameters = pika.ConnectionParameters("127.0.0.1", int(port), credentials=credentials, connection_attempts=1)
    try:
        connection = pika.BlockingConnection(parameters)
    except pika.exceptions.AMQPConnectionError as e:
        print("refused", type(e).__name__, flush=True)
        return
    try:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_publish("", queue, b"hello", mandatory=True)
        print("published", flush=True)
        method, _, body = channel.basic_get(queue, auto_ack=True)
        print("got", body.decode() if method else "nothing", flush=True)
    except pika.exceptions.ChannelClosedByBroker as e:
        print("closed", e.reply_code, e.reply_text, flush=True)
    connection.close()


def external(port, authority, certificate, key, queue):
    """As amqp, by a certificate."""
    import pika
    import ssl

    context = ssl.create_default_context(cafile=authority)
    context.load_cert_chain(certificate, key)
    parameters = pika.ConnectionParameters(
        "localhost",
        int(port),
        credentials=pika.credentials.ExternalCredentials(),
        ssl_options=pika.SSLOptions(context, "localhost"),
        connection_attempts=1,
    )
    try:
        connection = pika.BlockingConnection(parameters)
    except pika.exceptions.AMQPError as e:
        print("refused", type(e).__name__, flush=True)
        return
    channel = connection.channel()
    channel.confirm_delivery()
    try:
        channel.basic_publish("", queue, b"hello", mandatory=True)
        print("published", flush=True)
    except pika.exceptions.ChannelClosedByBroker as e:
        print("closed", e.reply_code, flush=True)
    connection.close()


def consume(port, user, password, queue):
    """Consumes until it is cancelled or closed."""
    import pika

    credentials = pika.PlainCredentials(user, password)
    connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(port), credentials=credentials))
    channel = connection.channel()
    channel.add_on_cancel_callback(lambda frame: print("cancelled", flush=True))
    channel.basic_consume(
        queue, lambda on, method, properties, body: print("got", body.decode(), flush=True), auto_ack=True
    )
    print("consuming", flush=True)
    try:
        while True:
            connection.process_data_events(STEP_S)
    except pika.exceptions.ConnectionClosedByBroker as e:
        print("closed", e.reply_code, e.reply_text, flush=True)


def idle(port, user, password):
    """Opens no channel, and waits to be closed."""
    import pika

    credentials = pika.PlainCredentials(user, password)
    connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", int(port), credentials=credentials))
    print("connected", flush=True)
    try:
        while True:
            connection.process_data_events(STEP_S)
    except pika.exceptions.ConnectionClosedByBroker as e:
        print("closed", e.reply_code, flush=True)


def zmtp(port, mechanism, *keys):
    """Connects a PUSH socket and tells how its handshake ends."""
    import zmq
    from zmq.utils.monitor import recv_monitor_message

    context = zmq.Context()
    socket = context.socket(zmq.PUSH)
    socket.linger = 0
    if mechanism == "plain":
        socket.plain_username, socket.plain_password = (key.encode() for key in keys)
    elif mechanism == "curve":
        socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = (key.encode() for key in keys)
    monitor = socket.get_monitor_socket()
    socket.connect("tcp://127.0.0.1:" + port)
    ends = {
        zmq.EVENT_HANDSHAKE_SUCCEEDED: "succeeded",
        zmq.EVENT_HANDSHAKE_FAILED_AUTH: "refused",
        zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL: "refused",
        zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL: "refused",
        zmq.EVENT_DISCONNECTED: "refused",
    }
    while monitor.poll(STEP_S * 1000):
        end = ends.get(recv_monitor_message(monitor)["event"])
        if end:
            print(end, flush=True)
            break
    else:
        print("silent", flush=True)
    socket.disable_monitor()
    context.destroy(linger=0)


def keys():
    """A new pair of keys for CURVE."""
    import zmq

    public, secret = zmq.curve_keypair()
    print(public.decode(), secret.decode(), flush=True)


{"amqp": amqp, "external": external, "consume": consume, "idle": idle, "zmtp": zmtp, "keys": keys}[sys.argv[1]](*sys.argv[2:])
