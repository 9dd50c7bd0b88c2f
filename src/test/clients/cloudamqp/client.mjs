// Programs with @cloudamqp/amqp-client: node client.mjs COMMAND PORT [ARGUMENT...]
import { AMQPClient } from '@cloudamqp/amqp-client';
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [command, port, ...rest] = process.argv.slice(2);
const PATIENCE_MS = 60_000;

async function connect() {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await new AMQPClient(`amqp://guest:guest@127.0.0.1:${port}`).connect();
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
      await pause(100);
    }
  }
}

/** Publishes numbers and writes down each that was confirmed. */
async function publish(ledger, count) {
  for (let n = 0; n < Number(count);) {
    try {
      const connection = await connect();
      const channel = await connection.channel();
      await channel.queueDeclare('jobs', { durable: true });
      await channel.confirmSelect();
      for (; n < Number(count); n++) {
        await channel.basicPublish('', 'jobs', String(n), { deliveryMode: 2 }, true);
        appendFileSync(ledger, `${n}\n`);
        await pause(2);
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
      const channel = await (await connect()).channel();
      await channel.queueDeclare('jobs', { durable: true });
      await channel.prefetch(10);
      const consumer = await channel.basicConsume('jobs', { noAck: false }, async (message) => {
        appendFileSync(ledger, `${message.bodyString()}\n`);
        await message.ack();
      });
      await consumer.wait();
    } catch (error) {
      console.log(String(error));
      await pause(100);
    }
  }
}

/** Doubles numbers for whoever asks by a queue that the server names. */
async function request(count) {
  const server = await connect();
  const serving = await server.channel();
  await serving.queueDeclare('double', { durable: false, autoDelete: false });
  await serving.basicConsume('double', { noAck: false }, async (message) => {
    const { replyTo, correlationId } = message.properties;
    await serving.basicPublish('', replyTo, String(2 * Number(message.bodyString())), { correlationId });
    await message.ack();
  });
  const client = await connect();
  const channel = await client.channel();
  const { name } = await channel.queueDeclare('', { exclusive: true, durable: false });
  const answers = new Map();
  const all = new Promise((resolve) => channel.basicConsume(name, { noAck: true }, (message) => {
    answers.set(message.properties.correlationId, Number(message.bodyString()));
    if (answers.size === Number(count)) {
      resolve();
    }
  }));
  for (let n = 0; n < Number(count); n++) {
    await channel.basicPublish('', 'double', String(n), { replyTo: name, correlationId: String(n) });
  }
  await all;
  await client.close();
  await server.close();
  console.log(`${answers.size} answers, sum ${[...answers.values()].reduce((a, b) => a + b, 0)}`);
}

/** Three hear the same. */
async function fanOut(count) {
  const heard = [[], [], []];
  const done = [];
  const connections = [];
  for (const mine of heard) {
    const connection = await connect();
    connections.push(connection);
    const channel = await connection.channel();
    await channel.exchangeDeclare('news', 'fanout', { durable: false });
    const { name } = await channel.queueDeclare('', { exclusive: true, durable: false });
    await channel.queueBind(name, 'news', '');
    done.push(new Promise((resolve) => channel.basicConsume(name, { noAck: true }, (message) => {
      mine.push(Number(message.bodyString()));
      if (mine.length === Number(count)) {
        resolve();
      }
    })));
  }
  const publisher = await connect();
  const channel = await publisher.channel();
  await channel.confirmSelect();
  await Promise.all(Array.from({ length: Number(count) }, (_, n) => channel.basicPublish('news', '', String(n), {}, true)));
  await Promise.all(done);
  await Promise.all([...connections, publisher].map((connection) => connection.close()));
  console.log(`${heard.filter((mine) => mine.every((n, i) => n === i)).length} heard all`);
}

await { publish, work, request, 'fan-out': fanOut }[command](...rest);
