// pump: the load client of load/peers. See ../README.md, or run it without arguments.
#define _GNU_SOURCE
#include "pump.h"
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *usage =
    "usage: pump MODE --port N [option]...\n"
    "modes: flow      publishers run free, subscribers count\n"
    "       window    publishers keep --window messages unanswered; latencies are recorded\n"
    "       paced     one publisher at --rate; latencies from the intended times\n"
    "       workers   publishers run free, subscribers take and finish message by message\n"
    "       request   as window, but the messages are requests, and subscribers send the replies\n"
    "options, with defaults:\n"
    "  --host 127.0.0.1   --pid 0 (of the broker, for its CPU)   --count 100000   --limit 60 (seconds, the whole run)\n"
    "  --publishers 1   --hello '' --ready '' (greeting and the end of its answer)   --frame TEMPLATE   --variants 1\n"
    "  --replies none|lines:N|range (what answers a message)   --window 1\n"
    "  --subscribers 0  --sub-hello '' --sub-ready ''   --deliver-lines 2   --shared (they share the messages)\n"
    "  --start '' (flow: sent by subscribers when the clock starts)\n"
    "  --rate 1000 --skip 0 (paced)   --dialect recado|recado-confirmed|beanstalkd|nats --depth 1 (workers)\n"
    "  --each (workers: every subscriber takes every message)   --reply '' (request: payload)   --dialect recado|nats\n"
    "templates: \\r \\n \\t \\0 \\\\ \\xHH, {P:n} payload, {T:n} payload with a time, {c} connection, {i} variant\n"
    "The result is one line of JSON. Exit codes: 2 usage or no connection, 3 the server failed, 4 out of time.\n";

static const struct option names[] = {
    {"host", 1, 0, 'H'}, {"port", 1, 0, 'p'}, {"pid", 1, 0, 'P'}, {"count", 1, 0, 'n'}, {"limit", 1, 0, 'L'},
    {"publishers", 1, 0, 'u'}, {"hello", 1, 0, 'h'}, {"ready", 1, 0, 'r'}, {"frame", 1, 0, 'f'},
    {"variants", 1, 0, 'v'}, {"replies", 1, 0, 'a'}, {"window", 1, 0, 'w'}, {"subscribers", 1, 0, 's'},
    {"sub-hello", 1, 0, 'S'}, {"sub-ready", 1, 0, 'R'}, {"start", 1, 0, 'b'}, {"deliver-lines", 1, 0, 'd'},
    {"shared", 0, 0, 'q'},
    {"rate", 1, 0, 'e'}, {"skip", 1, 0, 'k'}, {"dialect", 1, 0, 'D'}, {"depth", 1, 0, 'c'},
    {"each", 0, 0, 'E'}, {"reply", 1, 0, 'y'}, {0, 0, 0, 0}};

static long number(const char *text, long min, long max) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*end || end == text || value < min || value > max) die(EXIT_USAGE, "%s is not from %ld to %ld", text, min, max);
  return value;
}

static void set_replies(struct options *o, const char *value) {
  o->reply_lines = 1;
  if (!strcmp(value, "none")) o->replies = REPLY_NONE;
  else if (!strcmp(value, "range")) o->replies = REPLY_RANGE;
  else if (!strncmp(value, "lines:", 6)) o->replies = REPLY_LINES, o->reply_lines = number(value + 6, 1, 100);
  else die(EXIT_USAGE, "unknown --replies %s", value);
}

// One option; a switch over all of them is the table that it looks like.
static void set(struct options *o, int option, const char *value) {
  switch (option) {
    case 'H': o->host = value; break;
    case 'p': o->port = (int)number(value, 1, 65535); break;
    case 'P': o->pid = (int)number(value, 0, 1 << 30); break;
    case 'n': o->count = number(value, 1, COUNT_MAX); break;
    case 'L': o->limit_s = number(value, 1, 86400); break;
    case 'u': o->publishers = number(value, 0, PUBLISHERS_MAX); break;
    case 'h': o->hello = value; break;
    case 'r': o->ready = value; break;
    case 'f': o->frame = value; break;
    case 'v': o->variants = number(value, 1, 100000); break;
    case 'a': set_replies(o, value); break;
    case 'w': o->window = number(value, 1, 1 << 20); break;
    case 's': o->subscribers = number(value, 0, SUBSCRIBERS_MAX); break;
    case 'S': o->sub_hello = value; break;
    case 'R': o->sub_ready = value; break;
    case 'b': o->start = value; break;
    case 'd': o->deliver_lines = number(value, 1, 100); break;
    case 'q': o->shared = true; break;
    case 'e': o->rate = (double)number(value, 1, 100000000); break;
    case 'k': o->skip = number(value, 0, COUNT_MAX); break;
    case 'D': o->dialect = value; break;
    case 'c': o->depth = number(value, 1, 10000); break;
    case 'E': o->each = true; break;
    case 'y': o->reply = value; break;
    default: die(EXIT_USAGE, "%s", usage);
  }
}

static void out_of_time(int signal) {
  (void)signal;
  static const char text[] = "out of time: not every message was answered and delivered\n";
  if (write(2, text, sizeof text - 1) < 0) _exit(EXIT_TIME);
  _exit(EXIT_TIME);
}

int main(int count, char **arguments) {
  struct options o = {.host = "127.0.0.1", .hello = "", .ready = "", .sub_hello = "", .sub_ready = "", .start = "",
      .frame = "", .reply = "",
      .count = 100000, .publishers = 1, .window = 1, .variants = 1, .reply_lines = 1, .deliver_lines = 2, .rate = 1000,
      .dialect = "recado", .depth = 1, .limit_s = 60};
  if (count < 2) die(EXIT_USAGE, "%s", usage);
  o.mode = arguments[1];
  for (int option; (option = getopt_long(count - 1, arguments + 1, "", names, NULL)) != -1;) set(&o, option, optarg);
  if (!o.port || (o.publishers && !*o.frame)) die(EXIT_USAGE, "%s", usage);
  signal(SIGALRM, out_of_time);
  alarm((unsigned)o.limit_s);
  raise_file_limit();
  if (!strcmp(o.mode, "flow")) run_flow(&o);
  else if (!strcmp(o.mode, "window")) run_window(&o);
  else if (!strcmp(o.mode, "paced")) run_paced(&o);
  else if (!strcmp(o.mode, "workers")) run_workers(&o);
  else if (!strcmp(o.mode, "request")) run_requests(&o);
  else die(EXIT_USAGE, "%s", usage);
  fflush(stdout);
  _exit(0); // publishers' threads may still be inside send()
}
