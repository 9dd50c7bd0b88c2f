package dev.recado.app;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Connections at once, cut to what the process may open: without a descriptor for its files the broker could store
 * nothing, however idle the connections that took them.
 *
 * @param max connections at once
 * @param openFiles what the process may open
 * @param reserve what of that is not for connections
 */
record ConnectionLimit(int max, long openFiles, long reserve) {

    /** The JAR, logs, journal, states, listeners, and what the JVM itself has open. */
    private static final int FILES_BY_ITSELF = 96;
    /** Polling, and connections that are refused at the same moment. */
    private static final int FILES_A_LOOP = 16;
    /** Where the limit is below the reserve. */
    private static final int LEAST_SHARE = 8;

    /** The limit of this process, or what is wanted where the system does not tell. */
    static ConnectionLimit ofProcess(int wanted, int segmentFiles, int loops) {
        long openFiles = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
        return of(wanted, openFiles, segmentFiles, loops);
    }

    /** Warns whoever asked for more; of a default that is cut nobody has to do anything. */
    void tell(Logger log, int wanted, boolean asked) {
        if (max < wanted) {
            log.atLevel(asked ? Level.WARN : Level.INFO)
                    .log(
                            "the limit of open files is below sessions.connections-max, fewer connections are taken:"
                                    + " raise it with ulimit -n (systemd: LimitNOFILE) to {} or lower the setting"
                                    + " connections={} wanted={} openFiles={}",
                            wanted + reserve,
                            max,
                            wanted,
                            openFiles);
        }
    }

    static ConnectionLimit of(int wanted, long openFiles, int segmentFiles, int loops) {
        long reserve = FILES_BY_ITSELF + segmentFiles + (long) FILES_A_LOOP * loops;
        long room = Math.max(openFiles - reserve, Math.max(1, openFiles / LEAST_SHARE));
        return new ConnectionLimit((int) Math.min(wanted, room), openFiles, reserve);
    }
}
