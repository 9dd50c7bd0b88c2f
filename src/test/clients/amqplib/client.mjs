// Programs with amqplib: node client.mjs COMMAND PORT [ARGUMENT...]
import amqplib from 'amqplib';
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [command, port, ...rest] = process.argv.slice(2);
const PATIENCE_MS = 60_000;

async function connect() {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      const connection = await amqplib.connect(`amqp://guest:guest@127.0.0.1:${port}`);
      connection.on('error', () => {});
      return connection;
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
      await pause(100);
    }
  }
}

/** Publishes numbers, ten in flight, and writes down each that was confirmed. */
async function publish(ledger, count) {
  let left = Array.from({ length: Number(count) }, (_, n) => n);
  while (left.length > 0) {
    try {
      const connection = await connect();
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => {});
      await channel.assertQueue('jobs', { durable: true });
      while (left.length > 0) {
        const batch = left.slice(0, 10);
        const outcomes = await Promise.allSettled(batch.map((n) => new Promise((resolve, reject) => {
          channel.publish('', 'jobs', Buffer.from(String(n)), { persistent: true, mandatory: true },
            (error) => error ? reject(error) : resolve());
        })));
        const confirmed = batch.filter((_, i) => outcomes[i].status === 'fulfilled');
        if (confirmed.length > 0) {
          appendFileSync(ledger, confirmed.join('\n') + '\n');
        }
        left = left.filter((n) => !confirmed.includes(n));
        if (confirmed.length < batch.length) {
          throw new Error('not confirmed');
        }
        await pause(20);
      }
      await connection.close();
    } catch (error) {
      console.log(String(error));
      await pause(100);
    }
  }
}

/** Writes down each number before it is acknowledged, until it is killed. */
async function work(ledger) {
  for (;;) {
    try {
      const connection = await connect();
      const closed = new Promise((resolve) => connection.once('close', resolve));
      const channel = await connection.createChannel();
      channel.on('error', () => {});
      await channel.assertQueue('jobs', { durable: true });
      await channel.prefetch(10);
      await channel.consume('jobs', async (message) => {
        if (message !== null) {
          appendFileSync(ledger, message.content.toString() + '\n');
          channel.ack(message);
        }
      });
      await closed;
    } catch (error) {
      console.log(String(error));
      await pause(100);
    }
  }
}

/** Doubles numbers for whoever asks by a queue that the server names. */
async function request(count) {
  const server = await connect();
  const serving = await server.createChannel();
  await serving.assertQueue('double', { durable: false });
  await serving.consume('double', (message) => {
    const { replyTo, correlationId } = message.properties;
    serving.sendToQueue(replyTo, Buffer.from(String(2 * Number(message.content))), { correlationId });
    serving.ack(message);
  });
  const client = await connect();
  const channel = await client.createChannel();
  const inbox = (await channel.assertQueue('', { exclusive: true })).queue;
  const answers = new Map();
  const all = new Promise((resolve) => channel.consume(inbox, (message) => {
    answers.set(message.properties.correlationId, Number(message.content));
    if (answers.size === Number(count)) {
      resolve();
    }
  }, { noAck: true }));
  for (let n = 0; n < Number(count); n++) {
    channel.sendToQueue('double', Buffer.from(String(n)), { replyTo: inbox, correlationId: String(n) });
  }
  await all;
  await client.close();
  await server.close();
  console.log(`${answers.size} answers, sum ${[...answers.values()].reduce((a, b) => a + b, 0)}`);
}

/** Three hear the same. */
async function fanOut(count) {
  const heard = [];
  const subscribers = [];
  const done = [];
  for (let i = 0; i < 3; i++) {
    const connection = await connect();
    const channel = await connection.createChannel();
    await channel.assertExchange('news', 'fanout', { durable: false });
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'news', '');
    const mine = [];
    heard.push(mine);
    done.push(new Promise((resolve) => channel.consume(queue, (message) => {
      mine.push(Number(message.content));
      if (mine.length === Number(count)) {
        resolve();
      }
    }, { noAck: true })));
    subscribers.push(connection);
  }
  const publisher = await connect();
  const channel = await publisher.createConfirmChannel();
  for (let n = 0; n < Number(count); n++) {
    channel.publish('news', '', Buffer.from(String(n)), { mandatory: true });
  }
  await channel.waitForConfirms();
  await Promise.all(done);
  await Promise.all([...subscribers, publisher].map((connection) => connection.close()));
  console.log(`${heard.filter((mine) => mine.every((n, i) => n === i)).length} heard all`);
}

await { publish, work, request, 'fan-out': fanOut }[command](...rest);
