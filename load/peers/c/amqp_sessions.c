// Sessions of AMQP 0-9-1: `churn` makes short ones, many after another, `hold` opens some and keeps them idle.
// It sends frames made before and looks at the class and method of what comes back; it is no client for anything else.
// Each session waits for each answer before it goes on, as a client library does.
#define _GNU_SOURCE
#include "pump.h"
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INPUT_BYTES = 1 << 13, STEPS_MAX = 16, CHANNELS_MAX = 8, HELD_MAX = 10000, AT_ONCE_MAX = 1000 };
enum { FRAME_METHOD = 1, FRAME_HEADER = 2, FRAME_BODY = 3, FRAME_HEARTBEAT = 8, FRAME_END = 0xCE };
enum { HEAD_BYTES = 7, FRAME_BYTES_MAX = 131072, HEARTBEAT_S = 60 };

// ---- what is sent

struct bytes {
  unsigned char at[1024];
  size_t size;
};

static void put(struct bytes *b, const void *from, size_t size) {
  if (b->size + size > sizeof b->at) die(EXIT_USAGE, "a step is too long");
  memcpy(b->at + b->size, from, size);
  b->size += size;
}

static void put_number(struct bytes *b, uint64_t value, int width) {
  while (width--) put(b, &(unsigned char){(unsigned char)(value >> 8 * width)}, 1);
}

static void put_short(struct bytes *b, const char *text) {
  put_number(b, strlen(text), 1);
  put(b, text, strlen(text));
}

static void put_long(struct bytes *b, const void *text, size_t size) {
  put_number(b, size, 4);
  put(b, text, size);
}

static void put_frame(struct bytes *b, int type, int channel, const struct bytes *payload) {
  put_number(b, (uint64_t)type, 1);
  put_number(b, (uint64_t)channel, 2);
  put_long(b, payload->at, payload->size);
  put_number(b, FRAME_END, 1);
}

static struct bytes method(int class, int number) {
  struct bytes b = {.size = 0};
  put_number(&b, (uint64_t)class, 2);
  put_number(&b, (uint64_t)number, 2);
  return b;
}

static void put_capability(struct bytes *table, const char *name) {
  put_short(table, name);
  put(table, "t\1", 2);
}

// What client libraries say about themselves; brokers keep it for as long as a connection lasts.
static struct bytes start_ok(void) {
  static const char *const facts[][2] = {{"product", "amqp-sessions"}, {"version", "1.0.0"}, {"platform", "C"},
      {"copyright", "Copyright of a client library, its owner and the years."},
      {"information", "Where to read about a client library and its licence."}};
  static const char *const capabilities[] = {"publisher_confirms", "exchange_exchange_bindings", "basic.nack",
      "consumer_cancel_notify", "connection.blocked", "authentication_failure_close"};
  struct bytes b = method(10, 11), table = {.size = 0}, inner = {.size = 0};
  for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
    put_short(&table, facts[i][0]);
    put(&table, "S", 1);
    put_long(&table, facts[i][1], strlen(facts[i][1]));
  }
  for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++) put_capability(&inner, capabilities[i]);
  put_short(&table, "capabilities");
  put(&table, "F", 1);
  put_long(&table, inner.at, inner.size);
  put_long(&b, table.at, table.size);
  put_short(&b, "PLAIN");
  put_long(&b, "\0guest\0guest", 12);
  put_short(&b, "en_US");
  return b;
}

static void put_tune_ok_and_open(struct bytes *b) {
  struct bytes tune = method(10, 31), open = method(10, 40);
  put_number(&tune, 2047, 2);
  put_number(&tune, FRAME_BYTES_MAX, 4);
  put_number(&tune, HEARTBEAT_S, 2);
  put_frame(b, FRAME_METHOD, 0, &tune);
  put_short(&open, "/");
  put_number(&open, 0, 2);
  put_frame(b, FRAME_METHOD, 0, &open);
}

static void put_publish(struct bytes *b, const char *queue, int size) {
  struct bytes publish = method(60, 40), header = {.size = 0}, body = {.size = (size_t)size};
  put_number(&publish, 0, 2);
  put_short(&publish, "");
  put_short(&publish, queue);
  put_number(&publish, 0, 1);
  put_frame(b, FRAME_METHOD, 1, &publish);
  put_number(&header, 60, 2);
  put_number(&header, 0, 2);
  put_number(&header, (uint64_t)size, 8);
  put_number(&header, 0, 2);  // no properties: transient
  put_frame(b, FRAME_HEADER, 1, &header);
  memset(body.at, 'x', body.size);
  put_frame(b, FRAME_BODY, 1, &body);
}

// ---- the dialogue

struct step {
  struct bytes send;
  int class, method;  // the answer that ends the step
};

struct script {
  struct step steps[STEPS_MAX];
  int count;
};

static struct step *add(struct script *s, int class, int method) {
  struct step *step = &s->steps[s->count++];
  step->class = class;
  step->method = method;
  return step;
}

static void add_opening(struct script *s) {
  struct bytes payload = start_ok();
  put(&add(s, 10, 10)->send, "AMQP\0\0\x9\1", 8);
  put_frame(&add(s, 10, 30)->send, FRAME_METHOD, 0, &payload);
  put_tune_ok_and_open(&add(s, 10, 41)->send);
}

static void add_channel(struct script *s, int channel) {
  struct bytes open = method(20, 10);
  put_number(&open, 0, 1);
  put_frame(&add(s, 20, 11)->send, FRAME_METHOD, channel, &open);
}

static void add_close(struct script *s, const struct bytes *before, int class, int method_close, int channel) {
  struct bytes close = method(class, method_close);
  put_number(&close, 200, 2);
  put_short(&close, "OK");
  put_number(&close, 0, 4);
  struct step *step = add(s, class, method_close + 1);
  put(&step->send, before->at, before->size);
  put_frame(&step->send, FRAME_METHOD, channel, &close);
}

static struct script script_of(bool churn, int channels, const char *queue, int size) {
  struct script s = {.count = 0};
  struct bytes publish = {.size = 0}, nothing = {.size = 0};
  add_opening(&s);
  for (int channel = 1; channel <= channels; channel++) add_channel(&s, channel);
  if (churn) {
    put_publish(&publish, queue, size);
    add_close(&s, &publish, 20, 40, 1);
    add_close(&s, &nothing, 10, 50, 0);
  }
  return s;
}

// ---- sessions

struct session {
  int fd, step;
  int64_t began_ns;
  unsigned char input[INPUT_BYTES];
  size_t size;
};

static void begin_step(struct session *s, const struct script *script) {
  const struct bytes *send = &script->steps[s->step].send;
  send_all(s->fd, (const char *)send->at, send->size);
}

static void begin(struct session *s, const struct script *script, const struct options *o, int poll) {
  s->began_ns = now_ns();
  s->fd = dial(o);
  s->step = 0;
  s->size = 0;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
  epoll_ctl(poll, EPOLL_CTL_ADD, s->fd, &event);
  begin_step(s, script);
}

static uint32_t number_at(const unsigned char *at, int width) {
  uint32_t value = 0;
  while (width--) value = value << 8 | *at++;
  return value;
}

// Takes whole frames off the input; answers whether the session is through its script.
static bool take_frames(struct session *s, const struct script *script) {
  size_t at = 0;
  while (s->step < script->count && s->size - at >= HEAD_BYTES) {
    const unsigned char *frame = s->input + at, *payload = frame + HEAD_BYTES;
    size_t size = number_at(frame + 3, 4);
    if (size + HEAD_BYTES + 1 > INPUT_BYTES) die(EXIT_SERVER, "a frame of %zu bytes", size);
    if (s->size - at < size + HEAD_BYTES + 1) break;
    at += size + HEAD_BYTES + 1;
    if (frame[0] == FRAME_HEARTBEAT) continue;
    int class = (int)number_at(payload, 2), method = (int)number_at(payload + 2, 2);
    const struct step *step = &script->steps[s->step];
    if (frame[0] != FRAME_METHOD || class != step->class || method != step->method) {
      die(EXIT_SERVER, "step %d: frame %d, method %d.%d instead of %d.%d", s->step, frame[0], class, method,
          step->class, step->method);
    }
    if (++s->step < script->count) begin_step(s, script);
  }
  s->size -= at;
  memmove(s->input, s->input + at, s->size);
  return s->step == script->count;
}

static bool on_input(struct session *s, const struct script *script) {
  ssize_t n = recv(s->fd, s->input + s->size, INPUT_BYTES - s->size, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (n <= 0) die(EXIT_SERVER, "the server closed a session at step %d", s->step);
  s->size += (size_t)n;
  return take_frames(s, script);
}

static void run_churn(const struct options *o, const struct script *script, long at_once) {
  if (at_once > o->count) at_once = o->count;
  struct session *sessions = calloc((size_t)at_once, sizeof *sessions);
  struct histogram *times = calloc(1, sizeof *times);
  int poll = epoll_create1(0);
  struct meter meter = meter_start(o->pid);
  long begun = 0, ended = 0;
  while (begun < at_once) begin(&sessions[begun++], script, o, poll);
  while (ended < o->count) {
    struct epoll_event ready[64];
    int count = epoll_wait(poll, ready, 64, -1);
    for (int i = 0; i < count; i++) {
      struct session *s = ready[i].data.ptr;
      if (!on_input(s, script)) continue;
      close(s->fd);
      histogram_add(times, now_ns() - s->began_ns, 1);
      ended++;
      if (begun < o->count) {
        begin(s, script, o, poll);
        begun++;
      }
    }
  }
  meter_stop(meter, ended);
  fputs(", ", stdout);
  histogram_print("round_us", times);
  puts("}");
}

static void run_hold(const struct options *o, const struct script *script) {
  struct session *s = calloc(1, sizeof *s);
  int poll = epoll_create1(0);
  for (long opened = 0; opened < o->count; opened++) {
    begin(s, script, o, poll);
    do {
      struct epoll_event ready;
      epoll_wait(poll, &ready, 1, -1);
    } while (!on_input(s, script));
    epoll_ctl(poll, EPOLL_CTL_DEL, s->fd, NULL);
  }
  printf("{\"open\": %ld}\n", o->count);
  fflush(stdout);
  while (getchar() != EOF) {}  // whoever started this ends it by closing its standard input
}

// ---- the command line

static void on_alarm(int signal) {
  (void)signal;
  static const char text[] = "out of time\n";
  if (write(STDERR_FILENO, text, sizeof text - 1)) {}
  _exit(EXIT_TIME);
}

static long number_of(const char *name, const char *text, long min, long max) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*end || end == text || value < min || value > max) {
    die(EXIT_USAGE, "--%s: %s is no number from %ld to %ld", name, text, min, max);
  }
  return value;
}

static _Noreturn void usage(void) {
  die(EXIT_USAGE,
      "usage: amqp-sessions churn|hold --port N --count N\n"
      "churn: connect, open a channel, publish one message, close channel and connection, --count times in all\n"
      "  --at-once N   sessions at a time (20)      --queue NAME  where to, by the default exchange\n"
      "  --size N      bytes of a message (128)     --pid N       the broker, whose processor time is measured\n"
      "hold: opens --count connections, one after another, says so, and keeps them until its input ends\n"
      "  --channels N  of each connection (2)\n"
      "  --limit S     the whole run ends after this (60)");
}

int main(int argc, char **argv) {
  static const struct option known[] = {{"port", 1, 0, 'p'}, {"pid", 1, 0, 'i'}, {"count", 1, 0, 'n'},
      {"at-once", 1, 0, 'a'}, {"queue", 1, 0, 'q'}, {"size", 1, 0, 's'}, {"channels", 1, 0, 'c'},
      {"limit", 1, 0, 'l'}, {0}};
  if (argc < 2 || (strcmp(argv[1], "churn") && strcmp(argv[1], "hold"))) usage();
  bool churn = !strcmp(argv[1], "churn");
  struct options o = {.host = "127.0.0.1", .limit_s = 60};
  const char *queue = NULL;
  long at_once = 20, size = 128, channels = churn ? 1 : 2;
  int index = 0;
  for (int c; (c = getopt_long(argc - 1, argv + 1, "", known, &index)) != -1;) {
    const char *name = c == '?' ? "" : known[index].name;
    if (c == 'p') o.port = (int)number_of(name, optarg, 1, 65535);
    else if (c == 'i') o.pid = (int)number_of(name, optarg, 1, 1 << 30);
    else if (c == 'n') o.count = number_of(name, optarg, 1, churn ? COUNT_MAX : HELD_MAX);
    else if (c == 'a') at_once = number_of(name, optarg, 1, AT_ONCE_MAX);
    else if (c == 's') size = number_of(name, optarg, 1, 512);
    else if (c == 'c' && !churn) channels = number_of(name, optarg, 1, CHANNELS_MAX);
    else if (c == 'l') o.limit_s = number_of(name, optarg, 1, 3600);
    else if (c == 'q') queue = optarg;
    else usage();
  }
  if (!o.port || !o.count || (churn && !queue) || optind != argc - 1) usage();
  raise_file_limit();
  signal(SIGALRM, on_alarm);
  alarm((unsigned)o.limit_s);
  struct script script = script_of(churn, (int)channels, churn ? queue : "", (int)size);
  if (churn) run_churn(&o, &script, at_once);
  else run_hold(&o, &script);
}
