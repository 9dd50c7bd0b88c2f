// Frames and greetings from templates.
#include "pump.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STAMP_DIGITS = 19, PAYLOAD_MAX = 64 << 20 };

void die(int code, const char *format, ...) {
  va_list args;
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
  exit(code);
}

static void append(struct text *t, const char *bytes, size_t size) {
  t->bytes = realloc(t->bytes, t->size + size + 1);
  if (!t->bytes) die(EXIT_USAGE, "out of memory");
  memcpy(t->bytes + t->size, bytes, size);
  t->size += size;
  t->bytes[t->size] = 0;
}

static void append_payload(struct text *t, long size, bool stamped) {
  if (size < (stamped ? STAMP_DIGITS + 1 : 0) || size > PAYLOAD_MAX) die(EXIT_USAGE, "payload of %ld bytes", size);
  char *payload = malloc(size + 1);
  if (!payload) die(EXIT_USAGE, "out of memory");
  memset(payload, 'x', size);
  if (stamped) {
    payload[0] = '@';
    t->stamp = t->size + 1;
  }
  append(t, payload, size);
  free(payload);
}

static const char *append_escape(struct text *t, const char *s) {
  const char *names = "rnt0\\", *values = "\r\n\t\0\\", *at = *s ? strchr(names, *s) : NULL;
  if (at) {
    append(t, values + (at - names), 1);
    return s + 1;
  }
  char hex[3] = {0};
  if (*s != 'x' || !s[1] || !s[2]) die(EXIT_USAGE, "unknown escape \\%c", *s);
  memcpy(hex, s + 1, 2);
  char c = (char)strtol(hex, NULL, 16);
  append(t, &c, 1);
  return s + 3;
}

struct text expand(const char *template, long connection, long variant) {
  struct text t = {NULL, 0, -1};
  append(&t, "", 0);
  for (const char *s = template; *s;) {
    char number[24];
    if (*s == '\\') {
      s = append_escape(&t, s + 1);
    } else if (!strncmp(s, "{P:", 3) || !strncmp(s, "{T:", 3)) {
      append_payload(&t, atol(s + 3), s[1] == 'T');
      s = strchr(s, '}');
      if (!s++) die(EXIT_USAGE, "a { without }");
    } else if (!strncmp(s, "{c}", 3) || !strncmp(s, "{i}", 3)) {
      append(&t, number, snprintf(number, sizeof number, "%ld", s[1] == 'c' ? connection : variant));
      s += 3;
    } else {
      append(&t, s++, 1);
    }
  }
  return t;
}

struct text expand_batch(const struct options *o, long connection, long repeat) {
  struct text batch = {NULL, 0, -1};
  for (long i = 0; i < repeat; i++) {
    struct text frame = expand(o->frame, connection, i % o->variants);
    if (i == 0) batch.stamp = frame.stamp;
    append(&batch, frame.bytes, frame.size);
    free(frame.bytes);
  }
  return batch;
}

void write_stamp(char *digits, int64_t ns) {
  for (int i = STAMP_DIGITS - 1; i >= 0; i--, ns /= 10) digits[i] = (char)('0' + ns % 10);
}
