package dev.recado.cli;

import dev.recado.base.ExitCode;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * SIGTERM and SIGINT: the first asks the command to stop, one that comes {@link #SAME_MS} later or more ends the
 * process at once; what comes sooner is the same one told twice, as {@code timeout} tells a process and then its group.
 * {@code sun.misc.Signal} is used by reflection, because a shutdown hook cannot hear a second signal nor choose the
 * exit code.
 */
final class StopSignal {

    private static final int SIGNALLED = 130;
    private static final long SAME_MS = 500;

    private StopSignal() {}

    /**
     * From now on {@code action} runs at the first signal. The process then ends with the code that it answers, or by
     * itself where that is negative. Where the runtime cannot do this, signals end the process as always.
     */
    static void install(IntSupplier action) {
        AtomicReference<@Nullable Long> first = new AtomicReference<>();
        InvocationHandler onSignal = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                onSignal(first, action);
                yield null;
            }
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> arguments != null && proxy == arguments[0];
            default -> "recado";
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(StopSignal.class.getClassLoader(), new Class<?>[] {handler}, onSignal);
            for (String name : new String[] {"TERM", "INT"}) {
                Object one = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return;
        }
    }

    private static void onSignal(AtomicReference<@Nullable Long> first, IntSupplier action) {
        long nowNanos = System.nanoTime();
        Long before = first.compareAndExchange(null, nowNanos);
        if (before != null) {
            if (nowNanos - before >= TimeUnit.MILLISECONDS.toNanos(SAME_MS)) {
                Runtime.getRuntime().halt(SIGNALLED);
            }
            return;
        }
        int code;
        try {
            code = action.getAsInt();
        } catch (UncheckedIOException unwritten) {
            code = ExitCode.FAILED;
        }
        if (code >= 0) {
            Runtime.getRuntime().halt(code);
        }
    }
}
