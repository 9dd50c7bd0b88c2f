// zmq-pump: libzmq at both ends of a broker, and libzmq's own proxy as such a broker. See ../README.md, or run it
// without arguments.
#include "zmq_pump.h"
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <unistd.h>
#include <zmq.h>

static const char *usage =
    "usage: zmq-pump MODE --to PORT --from PORT [option]...    senders connect to --to, receivers to --from\n"
    "modes: push-pull  one PUSH runs free, one PULL counts, in order and without a gap\n"
    "       pub-sub    one PUB runs free, --subscribers SUBs count; what the broker drops is told\n"
    "       req-rep    one REQ, one REP that echoes, for --seconds; round trips are recorded\n"
    "options, with defaults:\n"
    "  --pid 0 (of the broker, for its CPU)   --count 100000   --size 128 (16 or more)   --subscribers 1\n"
    "  --ahead 0 (so many messages ahead of the slowest receiver, the sender waits for it; 0: it runs free)\n"
    "  --seconds 3 (req-rep)   --limit 60 (seconds, the whole run)\n"
    "The result is one line of JSON. Exit codes: 2 usage or no socket, 3 the broker failed, 4 out of time.\n"
    "\n"
    "usage: zmq-pump proxy push-pull|pub-sub|req-rep [--limit 3600]    zmq_proxy on two free ports of loopback, until\n"
    "whoever started it ends; one line of JSON tells the ports and the version of libzmq\n";

static const struct option names[] = {
    {"to", 1, 0, 't'}, {"from", 1, 0, 'f'}, {"pid", 1, 0, 'P'}, {"count", 1, 0, 'n'}, {"size", 1, 0, 's'},
    {"subscribers", 1, 0, 'S'}, {"ahead", 1, 0, 'a'}, {"seconds", 1, 0, 'e'}, {"limit", 1, 0, 'L'}, {0, 0, 0, 0}};

static volatile sig_atomic_t expired;

static void on_alarm(int signal) {
  (void)signal;
  expired = 1;
}

bool out_of_time(void) { return expired; }

// Again and again from then on, in case one comes just before the main thread begins to wait.
static void set_limit(long seconds) {
  struct sigaction action = {.sa_handler = on_alarm}; // without SA_RESTART: calls that block must end
  struct itimerval timer = {{0, 100000}, {seconds, 0}};
  if (sigaction(SIGALRM, &action, NULL) || setitimer(ITIMER_REAL, &timer, NULL)) die(EXIT_USAGE, "no timer");
}

static long number(const char *text, long min, long max) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*end || end == text || value < min || value > max) die(EXIT_USAGE, "%s is not from %ld to %ld", text, min, max);
  return value;
}

static void set(struct plan *p, int option, const char *value) {
  switch (option) {
    case 't': p->to = (int)number(value, 1, 65535); break;
    case 'f': p->from = (int)number(value, 1, 65535); break;
    case 'P': p->pid = (int)number(value, 0, 1 << 30); break;
    case 'n': p->count = number(value, 1, COUNT_MAX); break;
    case 's': p->size = number(value, SIZE_MIN, SIZE_MAX_BYTES); break;
    case 'S': p->subscribers = number(value, 1, SUBSCRIBERS_MAX); break;
    case 'a': p->ahead = number(value, 0, 1 << 20); break;
    case 'e': p->seconds = number(value, 1, 3600); break;
    case 'L': p->limit_s = number(value, 1, 86400); break;
    default: die(EXIT_USAGE, "%s", usage);
  }
}

static void *new_context(void) {
  void *context = zmq_ctx_new();
  if (!context) die(EXIT_USAGE, "no context: %s", zmq_strerror(errno));
  return context;
}

static void *new_socket(void *context, int type) {
  void *socket = zmq_socket(context, type);
  if (!socket) die(EXIT_USAGE, "no socket: %s", zmq_strerror(errno));
  return socket;
}

void *connect_socket(void **context, int type, int port) {
  if (!*context) *context = new_context();
  void *socket = new_socket(*context, type);
  int one = 1;
  // A publisher waits at its own high-water mark; by default it would drop there, before the broker had any part in it.
  if (type == ZMQ_PUB && zmq_setsockopt(socket, ZMQ_XPUB_NODROP, &one, sizeof one)) die(EXIT_USAGE, "no NODROP");
  if (type == ZMQ_SUB && zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0)) die(EXIT_USAGE, "no subscription");
  char endpoint[64];
  snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", port);
  if (zmq_connect(socket, endpoint)) die(EXIT_USAGE, "%s: %s", endpoint, zmq_strerror(errno));
  return socket;
}

void *payload(const struct plan *p) {
  char *bytes = malloc(p->size);
  if (!bytes) die(EXIT_USAGE, "out of memory");
  return memset(bytes, 'x', p->size);
}

void send_message(void *socket, const struct plan *p, void *bytes, enum kind kind, uint64_t number) {
  struct head head = {.kind = (char)kind, .run = p->run, .number = number};
  memcpy(bytes, &head, sizeof head);
  while (zmq_send(socket, bytes, p->size, 0) < 0) {
    if (errno != EINTR) die(EXIT_SERVER, "send: %s", zmq_strerror(errno));
    if (expired) die(EXIT_TIME, "out of time: message %llu was not taken", (unsigned long long)number);
  }
}

static int bind_free(void *socket) {
  char endpoint[128];
  size_t size = sizeof endpoint;
  if (zmq_bind(socket, "tcp://127.0.0.1:*") || zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &size)) {
    die(EXIT_USAGE, "bind: %s", zmq_strerror(errno));
  }
  return atoi(strrchr(endpoint, ':') + 1);
}

// As the documentation of zmq_proxy shows it: two sockets with their defaults, a context with its one I/O thread.
static void run_proxy(const char *mode) {
  static const struct { const char *mode; int front, back; } kinds[] = {
      {"push-pull", ZMQ_PULL, ZMQ_PUSH}, {"pub-sub", ZMQ_XSUB, ZMQ_XPUB}, {"req-rep", ZMQ_ROUTER, ZMQ_DEALER}};
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    if (strcmp(mode, kinds[i].mode)) continue;
    void *context = new_context();
    void *front = new_socket(context, kinds[i].front), *back = new_socket(context, kinds[i].back);
    int to = bind_free(front), from = bind_free(back), major, minor, patch;
    zmq_version(&major, &minor, &patch);
    printf("{\"to\": %d, \"from\": %d, \"libzmq\": \"%d.%d.%d\"}\n", to, from, major, minor, patch);
    fflush(stdout);
    zmq_proxy(front, back, NULL);
    die(expired ? EXIT_TIME : EXIT_SERVER, "the proxy ended: %s", zmq_strerror(errno));
  }
  die(EXIT_USAGE, "%s", usage);
}

int main(int count, char **arguments) {
  struct plan p = {.count = 100000, .size = 128, .subscribers = 1, .seconds = 3, .run = (uint32_t)now_ns()};
  if (count < 2) die(EXIT_USAGE, "%s", usage);
  p.mode = arguments[1];
  bool proxy = !strcmp(p.mode, "proxy");
  p.limit_s = proxy ? 3600 : 60;
  int words = proxy && count > 2 ? 2 : 1;
  for (int option; (option = getopt_long(count - words, arguments + words, "", names, NULL)) != -1;) {
    set(&p, option, optarg);
  }
  if (proxy ? count < 3 : !p.to || !p.from) die(EXIT_USAGE, "%s", usage);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  set_limit(p.limit_s);
  raise_file_limit();
  if (proxy) run_proxy(arguments[2]);
  else if (!strcmp(p.mode, "push-pull") || !strcmp(p.mode, "pub-sub")) run_flow_zmq(&p);
  else if (!strcmp(p.mode, "req-rep")) run_round_trips(&p);
  else die(EXIT_USAGE, "%s", usage);
  fflush(stdout);
  _exit(0); // threads of libzmq are still there
}
