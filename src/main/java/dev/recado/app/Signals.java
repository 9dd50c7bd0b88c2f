package dev.recado.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * SIGTERM, SIGINT and SIGHUP. A shutdown hook cannot hear a second signal, so {@code sun.misc.Signal} is used, by
 * reflection because the compiler warns of it and this build takes no warnings. Where a runtime lacks it, the signals
 * end the process as they do by default, which the journal survives. What a process was started to ignore ({@code
 * nohup}) stays ignored. A {@link Parented part} ignores what a terminal sends to all its processes at once, SIGINT and
 * SIGHUP: its parent stops it when its turn has come.
 */
final class Signals {

    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";
    private static final String HANG_UP = "HUP";
    private static final String END = "TERM";
    private static final List<String> OF_TERMINALS = List.of("INT", HANG_UP);

    private Signals() {}

    /** Tells the switch of each signal, on a thread of the runtime's; false where that is not possible. */
    static boolean handle(StopSwitch stopSwitch) {
        try {
            Class<?> handler = Class.forName(HANDLER);
            InvocationHandler invocation = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    tell(stopSwitch, arguments);
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> arguments != null && proxy == arguments[0];
                default -> "recado";
            };
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, invocation);
            set(END, proxy);
            if (!Parented.isPart()) {
                for (String name : OF_TERMINALS) {
                    set(name, proxy);
                }
            }
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    private static void set(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName(SIGNAL);
        Object one = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, Class.forName(HANDLER)).invoke(null, one, handler);
    }

    /** For a part; nothing where that is not possible. */
    static void ignoreThoseOfTerminals() {
        try {
            Object ignore = Class.forName(HANDLER).getField("SIG_IGN").get(null);
            for (String name : OF_TERMINALS) {
                set(name, ignore);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return;
        }
    }

    /** SIGTERM to this process; false where that is not possible. */
    static boolean raiseEnd() {
        try {
            Class<?> signal = Class.forName(SIGNAL);
            signal.getMethod("raise", signal)
                    .invoke(null, signal.getConstructor(String.class).newInstance(END));
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    private static void tell(StopSwitch stopSwitch, Object[] arguments) {
        if (arguments[0].toString().equals("SIG" + HANG_UP)) {
            stopSwitch.hangUp();
        } else {
            stopSwitch.request();
        }
    }
}
