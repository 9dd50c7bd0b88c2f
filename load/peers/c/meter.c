// What a run took: time, and processor time on both sides.
#include "pump.h"
#include <stdio.h>

struct meter meter_start(int pid) {
  return (struct meter){pid, now_ns(), server_cpu_s(pid), client_cpu_s()};
}

void meter_stop(struct meter m, long messages) {
  double seconds = (now_ns() - m.start_ns) / 1e9;
  double server = server_cpu_s(m.pid) - m.server_s, client = client_cpu_s() - m.client_s;
  printf("{\"messages\": %ld, \"seconds\": %.4f, \"rate\": %.1f, \"server_cpu_us\": %.4f, \"client_cpu_us\": %.4f",
      messages, seconds, messages / seconds, server * 1e6 / messages, client * 1e6 / messages);
}
