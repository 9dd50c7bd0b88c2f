package dev.recado.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An implementation of ZeroMQ that tests open sockets with. */
enum ZmqKit {
    /** libzmq under a C program. */
    LIBZMQ,
    /** libzmq under Python. */
    PYZMQ,
    /** libzmq, as npm brings it, under node. */
    ZEROMQ_JS,
    /** Pure Java, in the process of the test. */
    JEROMQ;

    /** Goes on only where the machine has it. */
    void require() {
        switch (this) {
            case LIBZMQ -> Tool.LIBZMQ.require();
            case PYZMQ -> Tool.PYZMQ.require();
            case ZEROMQ_JS -> Tool.ZEROMQ_JS.require();
            case JEROMQ -> {}
        }
    }

    /** A socket that connects to a port of this machine and goes on trying. */
    ZmqSocket connect(ZmqSpec spec, int port) throws IOException {
        require();
        String endpoint = "tcp://127.0.0.1:" + port;
        return this == JEROMQ ? JeroSocket.connect(spec, endpoint) : DriverSocket.start(command(), spec, endpoint);
    }

    private List<String> command() {
        return new ArrayList<>(
                switch (this) {
                    case LIBZMQ -> List.of(ZmqPrograms.compiled("peer").toString());
                    case PYZMQ ->
                        List.of(
                                "/usr/bin/python3",
                                ZmqPrograms.source("peer.py").toString());
                    default -> List.of("node", ZmqPrograms.source("peer.mjs").toString());
                });
    }
}
