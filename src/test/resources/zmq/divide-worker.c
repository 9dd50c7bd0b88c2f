#include <stdio.h>
#include <unistd.h>
#include <zmq.h>

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s ENDPOINT\n", argv[0]);
        return 2;
    }
    void *context = zmq_ctx_new();
    void *pull_socket = zmq_socket(context, ZMQ_PULL);
    if (zmq_connect(pull_socket, argv[1]) != 0) {
        fprintf(stderr, "%s: %s\n", argv[1], zmq_strerror(zmq_errno()));
        return 1;
    }

    while (1) {
        char task[10];
        int length = zmq_recv(pull_socket, task, sizeof(task) - 1, 0);
        if (length < 0) {
            fprintf(stderr, "%s\n", zmq_strerror(zmq_errno()));
            return 1;
        }
        if (length == 0) {
            break;
        }
        if (length > (int) sizeof(task) - 1) {
            length = sizeof(task) - 1;
        }
        task[length] = '\0';
        printf("Worker received: %s\n", task);
        fflush(stdout);
        usleep(1000);  // some work
    }

    zmq_close(pull_socket);
    zmq_ctx_destroy(context);
    return 0;
}
