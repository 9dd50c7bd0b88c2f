// One zeromq.js socket, driven by lines on standard input; see README.md.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";

// Resolved from the working directory, where the test installs it.
const zmq = createRequire(process.cwd() + "/")("zeromq");

const TYPES = {
  REQ: zmq.Request, REP: zmq.Reply, DEALER: zmq.Dealer, ROUTER: zmq.Router, PUB: zmq.Publisher,
  SUB: zmq.Subscriber, XPUB: zmq.XPublisher, XSUB: zmq.XSubscriber, PUSH: zmq.Push, PULL: zmq.Pull,
};
const OPTIONS = {
  "routing-id": ["routingId", String], "plain-username": ["plainUsername", String],
  "plain-password": ["plainPassword", String], "sndhwm": ["sendHighWaterMark", Number],
  "rcvhwm": ["receiveHighWaterMark", Number], "heartbeat-ivl": ["heartbeatInterval", Number],
  "immediate": ["immediate", (value) => value === "1"], "req-correlate": ["correlate", (value) => value === "1"],
  "req-relaxed": ["relaxed", (value) => value === "1"],
};
const SEND_PATIENCE_MS = 200;

const decode = (text) => (text === "-" ? Buffer.alloc(0) : Buffer.from(text, "hex"));
const encode = (frame) => (frame.length === 0 ? "-" : frame.toString("hex"));

async function orAgain(action, otherwise) {
  try {
    return await action();
  } catch (failure) {
    if (failure.code === "EAGAIN") {
      return otherwise;
    }
    return "error " + failure.message;
  }
}

async function run(socket, verb, ...rest) {
  switch (verb) {
    case "send":
      return orAgain(async () => {
        await socket.send(rest.map(decode));
        return "ok";
      }, "full");
    case "recv":
      socket.receiveTimeout = Number(rest[0]);
      return orAgain(async () => ["msg", ...(await socket.receive()).map(encode)].join(" "), "none");
    case "sub":
      socket.subscribe(decode(rest[0]));
      return "ok";
    case "unsub":
      socket.unsubscribe(decode(rest[0]));
      return "ok";
    default:
      return "error unknown " + verb;
  }
}

const [kind, ...settings] = process.argv.slice(2);
const endpoint = settings.pop();
const socket = new TYPES[kind]();
if ("sendTimeout" in socket) {
  socket.sendTimeout = SEND_PATIENCE_MS;
}
for (const setting of settings) {
  const [name, value] = setting.split("=");
  const [property, convert] = OPTIONS[name];
  socket[property] = convert(value);
}
socket.connect(endpoint);
console.log("ok");
for await (const line of createInterface({ input: process.stdin })) {
  console.log(await run(socket, ...line.split(" ")));
}
socket.close();
