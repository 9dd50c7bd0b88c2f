#include <stdio.h>
#include <string.h>
#include <zmq.h>

#define NUM_WORKERS 4

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s ENDPOINT\n", argv[0]);
        return 2;
    }
    void *context = zmq_ctx_new();
    void *push_socket = zmq_socket(context, ZMQ_PUSH);
    if (zmq_connect(push_socket, argv[1]) != 0) {
        fprintf(stderr, "%s: %s\n", argv[1], zmq_strerror(zmq_errno()));
        return 1;
    }

    for (int i = 0; i < 100; i++) {
        char task[10];
        snprintf(task, sizeof(task), "Task %d", i);
        zmq_send(push_socket, task, strlen(task), 0);
        printf("Master sent: %s\n", task);
    }

    // An empty message for each worker says that this was all.
    for (int i = 0; i < NUM_WORKERS; i++) {
        zmq_send(push_socket, "", 0, 0);
    }

    zmq_close(push_socket);
    zmq_ctx_destroy(context);
    return 0;
}
