// What the files of zmq-pump share: libzmq on both ends, with a broker that speaks ZMTP between them.
#ifndef ZMQ_PUMP_H
#define ZMQ_PUMP_H
#include "pump.h"
#include <stdint.h>

enum { SIZE_MIN = 16, SIZE_MAX_BYTES = 64 << 20 };

struct plan {
  const char *mode;
  int to, from;  // loopback ports: where senders (PUSH, PUB, REQ) and receivers (PULL, SUB, REP) connect
  int pid;       // the broker, whose processor time is measured; 0 for none
  long count, size, subscribers;
  long ahead;    // pub-sub, push-pull: unreceived messages after which the sender waits; 0: it runs free
  long seconds;  // req-rep: how long round trips are recorded
  long limit_s;  // the whole run ends after this, one way or the other
  uint32_t run;  // drawn at the start: tells this run's messages from what an earlier one left in the broker
};

// What every payload begins with; the rest of it is one letter.
struct head {
  char kind;  // one of enum kind
  char unused[3];
  uint32_t run;
  uint64_t number;  // KIND_DATA: counts from 0; KIND_PROBE: what comes after it has this number or a greater one
};
_Static_assert(sizeof(struct head) == SIZE_MIN, "the least payload is a head");

// Probes are sent until every receiver got one, and where a sender that waits hears nothing; ends are sent until every
// subscriber got one. Neither is counted.
enum kind { KIND_PROBE = 'p', KIND_DATA = 'd', KIND_END = 'e' };

// ---- zmq_pump.c
// A socket connected to the port, in a context of its own: senders and receivers share no I/O thread, as in two
// programs. A context of NULL makes one; it is answered through the pointer, for further sockets of that program.
void *connect_socket(void **context, int type, int port);
void *payload(const struct plan *p);
void send_message(void *socket, const struct plan *p, void *payload, enum kind kind, uint64_t number);
// The time that the run may take is over. A call of libzmq that blocks in the main thread ends with EINTR then.
bool out_of_time(void);

void run_flow_zmq(const struct plan *p);
void run_round_trips(const struct plan *p);
#endif
