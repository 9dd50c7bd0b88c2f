// The load client of load/peers: what its files share.
// It sends pre-built frames and counts what comes back; it knows no protocol beyond lines, Recado's confirmations and
// the dialogues of workers.c. So it costs about the same whichever broker is on the other side.
#ifndef PUMP_H
#define PUMP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RECV_BYTES = 1 << 20, PUBLISHERS_MAX = 16384, SUBSCRIBERS_MAX = 1024, COUNT_MAX = 2000000000 };

// Exit codes: 2 wrong usage or no connection, 3 the server broke off or answered an error, 4 out of time.
enum { EXIT_USAGE = 2, EXIT_SERVER = 3, EXIT_TIME = 4 };

enum reply_kind { REPLY_NONE, REPLY_LINES, REPLY_RANGE };

struct options {
  const char *mode, *host;
  int port, pid;                                // pid: the broker, whose processor time is measured; 0 for none
  const char *hello, *ready;                    // publishers: sent first, and the text that ends its answer
  const char *sub_hello, *sub_ready, *start;    // the same for subscribers; start is sent when the clock starts
  const char *frame;                            // one publish, see expand()
  long count, publishers, subscribers, window;  // window: unanswered messages per publisher
  long variants;                                // how many values {i} takes
  enum reply_kind replies;
  long reply_lines, deliver_lines;              // lines per answer and per delivery
  bool shared;                                  // subscribers share the messages instead of each getting all
  double rate;                                  // paced: messages a second
  long skip;                                    // paced: first messages, not recorded
  const char *dialect;                          // workers: see workers.c; request: recado or nats
  long depth;                                   // workers: reserves in flight (beanstalkd)
  bool each;                                    // workers: every subscriber takes and finishes every message
  const char *reply;                            // request: the payload of a reply, see expand()
  long limit_s;                                 // the whole run ends after this, one way or the other
};

// ---- text.c
struct text {
  char *bytes;
  size_t size;
  ptrdiff_t stamp; // where the digits of {T:n} start, or -1
};
// Builds a frame or greeting: \r \n \t \0 \\ \xHH, {P:n} n bytes of payload, {T:n} the same beginning with '@' and 19
// digits for a time, {c} the connection, {i} the variant. The caller frees bytes.
struct text expand(const char *template, long connection, long variant);
// `repeat` frames one after the other, {i} counting from 0 to variants - 1 and again.
struct text expand_batch(const struct options *o, long connection, long repeat);
void write_stamp(char *digits, int64_t ns);
_Noreturn void die(int code, const char *format, ...);

// ---- net.c
int64_t now_ns(void);
void sleep_until(int64_t ns);
int dial(const struct options *o);
void send_all(int fd, const char *bytes, size_t size);
// Sends the greeting and reads until the text `ready` has come; what is behind it must not exist yet.
void greet(int fd, const char *hello, const char *ready, long connection);
double server_cpu_s(int pid);
double client_cpu_s(void);
void raise_file_limit(void);

// ---- counter.c
struct counter {
  enum reply_kind kind;
  long lines_per, lines; // lines seen of the answer under way
  const char *not_counted; // first letters of lines that do not count
  bool inside;           // the last chunk ended inside a line
  bool ignored;          // that line is one that does not count
  char part[192];        // REPLY_RANGE: the start of a line whose end has not come
  size_t part_size;
};
void counter_init(struct counter *c, enum reply_kind kind, long lines_per, const char *not_counted);
// How many messages this chunk completes. Ends the process if the server reports an error.
long counter_feed(struct counter *c, const char *bytes, size_t size);

// ---- histogram.c
enum { SUB_BITS = 6, BUCKETS = (64 - SUB_BITS) << SUB_BITS };
struct histogram {
  uint64_t counts[BUCKETS], total;
  int64_t max;
};
void histogram_add(struct histogram *h, int64_t ns, uint64_t times);
int64_t histogram_at(const struct histogram *h, double quantile);
void histogram_print(const char *name, const struct histogram *h);

// ---- publish.c: one thread per free-running publisher
struct publisher {
  const struct options *o;
  long index, count;
  int fd;
  struct counter answers;
};
struct publisher *publishers_connect(const struct options *o);
void publishers_start(struct publisher *p, const struct options *o);

// ---- meter.c
struct meter {
  int pid; // the broker, or 0
  int64_t start_ns;
  double server_s, client_s;
};
struct meter meter_start(int pid);
// Prints the common fields of the result, an open JSON object; the mode adds its own and closes it.
void meter_stop(struct meter m, long messages);

void run_flow(const struct options *o);
void run_window(const struct options *o);
void run_paced(const struct options *o);
void run_workers(const struct options *o);
void run_requests(const struct options *o);
#endif
