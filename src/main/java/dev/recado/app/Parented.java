package dev.recado.app;

import dev.recado.apps.process.ParentLock;
import dev.recado.base.ExitCode;
import java.lang.ref.Reference;
import java.nio.channels.FileLock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A process that another one of this program has started as a part of an application: it ends with its parent. */
final class Parented {

    /** Longer than an orderly stop of a broker may take. */
    private static final long END_S = 15;

    private Parented() {}

    static boolean isPart() {
        return System.getProperty(ParentLock.PROPERTY) != null;
    }

    /** Watches the parent, where this is a part. */
    static void watch() {
        String value = System.getProperty(ParentLock.PROPERTY);
        if (value == null) {
            return;
        }
        Signals.ignoreThoseOfTerminals();
        Thread watch = new Thread(() -> endWithParent(value), "parent-lock");
        watch.setDaemon(true);
        watch.start();
    }

    /** In order, as if asked by SIGTERM; at once where that takes too long. */
    private static void endWithParent(String value) {
        @Nullable FileLock share = ParentLock.awaitParentsEnd(value);
        try {
            System.err.println("the process that had this one started has ended: this one ends too");
            if (Signals.raiseEnd()) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(END_S));
            }
            Runtime.getRuntime().halt(ExitCode.FAILED);
        } finally {
            Reference.reachabilityFence(share);
        }
    }
}
