package dev.recado.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;

/**
 * SIGTERM and SIGINT: the first asks the command to stop, a second ends the process at once. {@code sun.misc.Signal} is
 * used by reflection, because a shutdown hook cannot hear a second signal nor choose the exit code.
 */
final class StopSignal {

    private static final int SIGNALLED = 130;

    private StopSignal() {}

    /**
     * From now on {@code action} runs at the first signal. The process then ends with the code that it answers, or by
     * itself where that is negative. Where the runtime cannot do this, signals end the process as always.
     */
    static void install(IntSupplier action) {
        AtomicBoolean stopping = new AtomicBoolean();
        InvocationHandler onSignal = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                if (stopping.getAndSet(true)) {
                    Runtime.getRuntime().halt(SIGNALLED);
                }
                int code = action.getAsInt();
                if (code >= 0) {
                    Runtime.getRuntime().halt(code);
                }
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
}
