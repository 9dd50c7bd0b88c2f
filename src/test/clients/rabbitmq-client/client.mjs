// Programs with rabbitmq-client: node client.mjs COMMAND PORT [ARGUMENT...]
import { Connection } from 'rabbitmq-client';
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [command, port, ...rest] = process.argv.slice(2);

/** A connection that the library itself brings back after the broker was away. */
function connect() {
  const connection = new Connection({
    url: `amqp://guest:guest@127.0.0.1:${port}`, retryLow: 100, retryHigh: 500, acquireTimeout: 60_000,
  });
  connection.on('error', (error) => console.log(String(error)));
  return connection;
}

/** Publishes numbers and writes down each that was confirmed. */
async function publish(ledger, count) {
  const connection = connect();
  const publisher = connection.createPublisher({ confirm: true, maxAttempts: 1, queues: [{ queue: 'jobs', durable: true }] });
  for (let n = 0; n < Number(count);) {
    try {
      await publisher.send({ routingKey: 'jobs', durable: true, mandatory: true }, n);
      appendFileSync(ledger, `${n}\n`);
      n++;
      await pause(2);
    } catch (error) {
      console.log(String(error));
      await pause(100);
    }
  }
  await publisher.close();
  await connection.close();
}

/** Writes down each number before it is acknowledged, until it is killed. */
async function work(ledger) {
  const consumer = connect().createConsumer({
    queue: 'jobs', queueOptions: { durable: true }, qos: { prefetchCount: 10 }, concurrency: 2,
  }, async (message) => {
    appendFileSync(ledger, `${message.body}\n`);
    await pause(3);
  });
  consumer.on('error', (error) => console.log(String(error)));
  await new Promise(() => setInterval(() => {}, 60_000));
}

/** Doubles numbers for whoever asks; bodies of which the library makes frames longer than agreed come along. */
async function request(count) {
  const server = connect();
  const serving = server.createConsumer({ queue: 'double', queueOptions: { durable: false } },
    async (message, reply) => reply({ value: 2 * message.body.value, padding: message.body.padding }));
  await new Promise((resolve) => serving.once('ready', resolve));
  const connection = connect();
  const inbox = await connection.queueDeclare({ exclusive: true });
  const answers = new Map();
  const padding = 'x'.repeat(20_000);
  let heardAll;
  const all = new Promise((resolve) => { heardAll = resolve; });
  const consumer = connection.createConsumer({ queue: inbox.queue, noAck: true, queueOptions: { passive: true } },
    async (message) => {
      if (message.body.padding !== padding) {
        throw new Error('other bytes');
      }
      answers.set(message.correlationId, message.body.value);
      if (answers.size === Number(count)) {
        heardAll();
      }
    });
  await new Promise((resolve) => consumer.once('ready', resolve));
  const publisher = connection.createPublisher();
  for (let value = 0; value < Number(count); value++) {
    await publisher.send({ routingKey: 'double', replyTo: inbox.queue, correlationId: String(value) }, { value, padding });
  }
  await all;
  for (const one of [consumer, publisher, connection, serving, server]) {
    await one.close();
  }
  console.log(`${answers.size} answers, sum ${[...answers.values()].reduce((a, b) => a + b, 0)}`);
}

/** Three hear the same. */
async function fanOut(count) {
  const connection = connect();
  const exchanges = [{ exchange: 'news', type: 'fanout' }];
  const heard = [[], [], []];
  const done = [];
  const consumers = heard.map((mine) => {
    let heardAll;
    done.push(new Promise((resolve) => { heardAll = resolve; }));
    return connection.createConsumer({
      exchanges, queueOptions: { exclusive: true }, queueBindings: [{ exchange: 'news' }], noAck: true,
    }, (message) => {
      mine.push(message.body);
      if (mine.length === Number(count)) {
        heardAll();
      }
    });
  });
  await Promise.all(consumers.map((consumer) => new Promise((resolve) => consumer.once('ready', resolve))));
  const publisher = connection.createPublisher({ confirm: true, exchanges });
  for (let n = 0; n < Number(count); n++) {
    await publisher.send({ exchange: 'news', mandatory: true }, n);
  }
  await Promise.all(done);
  for (const one of [...consumers, publisher, connection]) {
    await one.close();
  }
  console.log(`${heard.filter((mine) => mine.every((n, i) => n === i)).length} heard all`);
}

await { publish, work, request, 'fan-out': fanOut }[command](...rest);
