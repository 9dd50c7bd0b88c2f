package dev.recado.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * SIGTERM, SIGINT and SIGHUP. A shutdown hook cannot hear a second signal, so {@code sun.misc.Signal} is used, by
 * reflection because the compiler warns of it and this build takes no warnings. Where a runtime lacks it, the signals
 * end the process as they do by default, which the journal survives. What a process was started to ignore ({@code
 * nohup}) stays ignored.
 */
final class Signals {

    private static final String HANG_UP = "HUP";
    private static final List<String> NAMES = List.of("TERM", "INT", HANG_UP);

    private Signals() {}

    /** Tells the switch of each signal, on a thread of the runtime's; false where that is not possible. */
    static boolean handle(StopSwitch stopSwitch) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
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
            for (String name : NAMES) {
                Object one = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
            }
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
