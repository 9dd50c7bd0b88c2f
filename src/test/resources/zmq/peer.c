// One libzmq socket, driven by lines on standard input; see README.md.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define FRAMES_MAX 64
#define SEND_PATIENCE_MS 200

struct name {
    const char *text;
    int number;
};

static const struct name TYPES[] = {
    {"REQ", ZMQ_REQ}, {"REP", ZMQ_REP}, {"DEALER", ZMQ_DEALER}, {"ROUTER", ZMQ_ROUTER}, {"PUB", ZMQ_PUB},
    {"SUB", ZMQ_SUB}, {"XPUB", ZMQ_XPUB}, {"XSUB", ZMQ_XSUB}, {"PUSH", ZMQ_PUSH}, {"PULL", ZMQ_PULL}};

static const struct name TEXT_OPTIONS[] = {
    {"routing-id", ZMQ_ROUTING_ID}, {"plain-username", ZMQ_PLAIN_USERNAME}, {"plain-password", ZMQ_PLAIN_PASSWORD}};

static const struct name NUMBER_OPTIONS[] = {
    {"sndhwm", ZMQ_SNDHWM}, {"rcvhwm", ZMQ_RCVHWM}, {"heartbeat-ivl", ZMQ_HEARTBEAT_IVL},
    {"immediate", ZMQ_IMMEDIATE}, {"req-correlate", ZMQ_REQ_CORRELATE}, {"req-relaxed", ZMQ_REQ_RELAXED}};

static int find(const struct name *names, size_t count, const char *text) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i].text, text) == 0) {
            return names[i].number;
        }
    }
    return -1;
}

#define FIND(names, text) find(names, sizeof(names) / sizeof(names[0]), text)

static void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, zmq_strerror(zmq_errno()));
    exit(1);
}

static void set_option(void *socket, char *option) {
    char *value = strchr(option, '=');
    if (value == NULL) {
        fail(option);
    }
    *value++ = '\0';
    int text = FIND(TEXT_OPTIONS, option);
    int number = FIND(NUMBER_OPTIONS, option);
    int digits = atoi(value);
    int rc = text >= 0 ? zmq_setsockopt(socket, text, value, strlen(value))
                       : zmq_setsockopt(socket, number, &digits, sizeof(digits));
    if (rc != 0) {
        fail(option);
    }
}

// Turns the hexadecimal text into bytes, in place, and answers how many.
static size_t decode(char *text) {
    size_t length = strcmp(text, "-") == 0 ? 0 : strlen(text) / 2;
    for (size_t i = 0; i < length; i++) {
        char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};
        text[i] = (char) strtol(pair, NULL, 16);
    }
    return length;
}

static void answer(int rc) {
    if (rc >= 0) {
        puts("ok");
    } else if (errno == EAGAIN) {
        puts("full");
    } else {
        printf("error %s\n", zmq_strerror(zmq_errno()));
    }
}

static void send_frames(void *socket) {
    char *frames[FRAMES_MAX];
    int count = 0;
    for (char *frame = strtok(NULL, " "); frame != NULL && count < FRAMES_MAX; frame = strtok(NULL, " ")) {
        frames[count++] = frame;
    }
    int rc = -1;
    for (int i = 0; i < count; i++) {
        size_t length = decode(frames[i]);
        rc = zmq_send(socket, frames[i], length, i + 1 < count ? ZMQ_SNDMORE : 0);
        if (rc < 0) {
            break;
        }
    }
    answer(rc);
}

static void receive(void *socket, long patience_ms) {
    zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};
    if (zmq_poll(&item, 1, patience_ms) <= 0) {
        puts("none");
        return;
    }
    printf("msg");
    int more;
    do {
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, socket, 0) < 0) {
            fail("recv");
        }
        const unsigned char *bytes = zmq_msg_data(&frame);
        printf(zmq_msg_size(&frame) == 0 ? " -" : " ");
        for (size_t i = 0; i < zmq_msg_size(&frame); i++) {
            printf("%02x", bytes[i]);
        }
        more = zmq_msg_more(&frame);
        zmq_msg_close(&frame);
    } while (more);
    puts("");
}

static void run(void *socket, char *line) {
    line[strcspn(line, "\n")] = '\0';
    char *verb = strtok(line, " ");
    if (verb == NULL) {
        puts("error empty line");
    } else if (strcmp(verb, "send") == 0) {
        send_frames(socket);
    } else if (strcmp(verb, "recv") == 0) {
        receive(socket, atol(strtok(NULL, " ")));
    } else {
        char *prefix = strtok(NULL, " ");
        size_t length = decode(prefix);
        int option = strcmp(verb, "sub") == 0 ? ZMQ_SUBSCRIBE : ZMQ_UNSUBSCRIBE;
        answer(zmq_setsockopt(socket, option, prefix, length));
    }
    fflush(stdout);
}

int main(int argc, char **argv) {
    void *context = zmq_ctx_new();
    int type = argc > 2 ? FIND(TYPES, argv[1]) : -1;
    if (type < 0) {
        fprintf(stderr, "usage: %s TYPE [OPTION=VALUE]... ENDPOINT\n", argv[0]);
        return 2;
    }
    void *socket = zmq_socket(context, type);
    int patience = SEND_PATIENCE_MS;
    zmq_setsockopt(socket, ZMQ_SNDTIMEO, &patience, sizeof(patience));
    for (int i = 2; i < argc - 1; i++) {
        set_option(socket, argv[i]);
    }
    if (zmq_connect(socket, argv[argc - 1]) != 0) {
        fail(argv[argc - 1]);
    }
    puts("ok");
    fflush(stdout);
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        run(socket, line);
    }
    free(line);
    zmq_close(socket);
    zmq_ctx_term(context);
    return 0;
}
