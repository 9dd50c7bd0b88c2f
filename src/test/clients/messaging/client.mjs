// The same user as client.py, in another language, also written from the page alone.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { decode, encode } from "@msgpack/msgpack";
import { Dealer, Subscriber } from "zeromq";

const [frontend, xpub, me, other, part] = process.argv.slice(2);
const ask = new Dealer({ receiveTimeout: 1000 });
ask.connect(frontend);
const listen = new Subscriber();
listen.connect(xpub);
let clock = 0;

function receive(frame) {
  const message = decode(frame);
  clock = Math.max(clock, message.clock) + 1;
  return message;
}

async function request(service, fields = {}) {
  const id = randomUUID();
  for (let i = 0; i < 30; i++) {
    clock++;
    const head = { service, user: me, timestamp: Date.now(), clock, id };
    await ask.send(["", encode({ ...head, ...fields })]);
    try {
      for (;;) {
        const answer = receive((await ask.receive())[1]);
        if (answer.id === id) {
          if (!(answer.clock > head.clock)) throw new Error("clock of " + service);
          return answer;
        }
      }
    } catch (e) {
      if (e.code !== "EAGAIN") throw e;
    }
  }
  throw new Error("no answer to " + service);
}

function check(answer, status = "ok") {
  if (answer.status !== status) throw new Error(JSON.stringify(answer));
  return answer;
}

async function say(i) {
  check(await request("message", { to: other, text: `${me} ${i}` }));
  console.log("sent", i, clock);
}

async function hear(i) {
  for (;;) {
    const [topic, frame] = await listen.receive();
    const { entry } = receive(frame);
    if (topic.toString() === "user:" + me && entry.text === `${other} ${i}`) {
      console.log("heard", i, entry.clock, clock);
      return;
    }
  }
}

check(await request("login"));
check(await request("channel", { channel: "plaza" }));
check(await request("subscribe", { channel: "plaza" }));
check(await request("publish", { channel: "plaza", text: "hello from " + me }));
check(await request("publish", { channel: "nowhere", text: "hello" }), "error");
listen.subscribe("user:" + me);
while (!(await request("users")).users.includes(other)) await pause(100);
// A subscription takes a moment to reach the publishers; what is said before it does is in the history only.
await pause(1000);
await request("publish", { channel: "plaza", text: me + " listens" });
while (!(await request("history", { channel: "plaza" })).entries.some((e) => e.text === other + " listens")) {
  await pause(100);
}
for (let i = 0; i < 3; i++) {
  if (part === "first") {
    await say(i);
    await hear(i);
  } else {
    await hear(i);
    await say(i);
  }
}
console.log("done", (await request("history", { with: other })).entries.length);
ask.close();
listen.close();
