// Programs with microservices of NestJS: node client.mjs COMMAND PORT [ARGUMENT...]
import 'reflect-metadata';
import common from '@nestjs/common';
import core from '@nestjs/core';
import microservices from '@nestjs/microservices';
import { appendFileSync } from 'node:fs';
import { firstValueFrom } from 'rxjs';

const { Controller, Logger, Module } = common;
const { NestFactory } = core;
const { ClientProxyFactory, Ctx, EventPattern, MessagePattern, Payload, Transport } = microservices;
const [command, port, ...rest] = process.argv.slice(2);

Logger.overrideLogger(false);

const options = (more) => ({
  transport: Transport.RMQ,
  options: {
    urls: [`amqp://guest:guest@127.0.0.1:${port}`],
    socketOptions: { heartbeatIntervalInSeconds: 5, reconnectTimeInSeconds: 0.2 },
    persistent: true,
    ...more,
  },
});

/** Starts a microservice of one controller; written without the syntax of decorators, which JavaScript has not. */
async function serve(pattern, handler, more) {
  class Handler {
    handle(data, context) {
      return handler(data, context);
    }
  }
  pattern(Handler.prototype, 'handle', Object.getOwnPropertyDescriptor(Handler.prototype, 'handle'));
  Payload()(Handler.prototype, 'handle', 0);
  Ctx()(Handler.prototype, 'handle', 1);
  Controller()(Handler);
  class App {}
  Module({ controllers: [Handler] })(App);
  const app = await NestFactory.createMicroservice(App, { ...options(more), logger: false });
  await app.listen();
  return app;
}

function client(more) {
  return ClientProxyFactory.create(options(more));
}

const jobs = { queue: 'jobs', queueOptions: { durable: true } };

/** Publishes numbers and writes down each that was confirmed; meanwhile the connection may go and come back. */
async function publish(ledger, count) {
  const proxy = client(jobs);
  for (;;) {
    try {
      await proxy.connect();
      break;
    } catch (error) {
      console.log(String(error));
    }
  }
  for (let n = 0; n < Number(count);) {
    try {
      await firstValueFrom(proxy.emit('job', n), { defaultValue: null });
      appendFileSync(ledger, `${n}\n`);
      n++;
    } catch (error) {
      console.log(String(error));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await proxy.close();
}

/** Writes down each number before it is acknowledged, until it is killed. */
async function work(ledger) {
  await serve(EventPattern('job'), (n, context) => {
    appendFileSync(ledger, `${n}\n`);
    context.getChannelRef().ack(context.getMessage());
  }, { ...jobs, noAck: false, prefetchCount: 10 });
}

/** Doubles numbers for whoever asks; answers come by direct reply-to. */
async function request(count) {
  const where = { queue: 'double', queueOptions: { durable: false } };
  const app = await serve(MessagePattern('double'), (n) => 2 * n, where);
  const proxy = client(where);
  await proxy.connect();
  const answers = await Promise.all(
    Array.from({ length: Number(count) }, (_, n) => firstValueFrom(proxy.send('double', n))));
  await proxy.close();
  await app.close();
  console.log(`${answers.length} answers, sum ${answers.reduce((a, b) => a + b, 0)}`);
}

/** Three hear the same. */
async function fanOut(count) {
  const news = { exchange: 'news', exchangeType: 'fanout' };
  const heard = [[], [], []];
  const done = [];
  const apps = [];
  for (const mine of heard) {
    let heardAll;
    done.push(new Promise((resolve) => { heardAll = resolve; }));
    apps.push(await serve(EventPattern('news'), (n) => {
      mine.push(n);
      if (mine.length === Number(count)) {
        heardAll();
      }
    }, { ...news, queue: '', queueOptions: { exclusive: true } }));
  }
  const proxy = client(news);
  await proxy.connect();
  for (let n = 0; n < Number(count); n++) {
    await firstValueFrom(proxy.emit('news', n), { defaultValue: null });
  }
  await Promise.all(done);
  await proxy.close();
  await Promise.all(apps.map((app) => app.close()));
  console.log(`${heard.filter((mine) => mine.every((n, i) => n === i)).length} heard all`);
}

await { publish, work, request, 'fan-out': fanOut }[command](...rest);
