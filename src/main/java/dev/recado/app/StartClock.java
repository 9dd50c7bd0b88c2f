package dev.recado.app;

import java.lang.management.ManagementFactory;

/** How long this process has been running, the start of its virtual machine included. */
final class StartClock {

    private StartClock() {}

    /** Milliseconds since the virtual machine began. */
    static long sinceStartMs() {
        return System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    }
}
