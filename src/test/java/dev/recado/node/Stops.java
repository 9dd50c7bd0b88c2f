package dev.recado.node;

import dev.recado.base.LoopTurns;
import dev.recado.base.Turns;
import dev.recado.broker.Broker;
import dev.recado.broker.PublishPort;
import dev.recado.broker.SessionPort;
import dev.recado.journal.GatedDisk;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The stops of what goes through a node: the classes of ours that are on the stack where it is handed on (to another
 * turn, to the disk, to its session, to the socket), in the order of its way. A nested class counts as the one around
 * it. Of a port that has a double here, the class that stands there in production is a stop as well. What a class only
 * keeps or works out, and returns before anything is handed on, is none.
 */
final class Stops {

    private static final StackWalker STACK = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);
    private static final URL PRODUCT = home(Node.class);
    private static final Class<?> NIO_DISK_FILE = named("dev.recado.journal.NioDiskFile");

    private final Set<String> names = new LinkedHashSet<>();
    private boolean open;

    private static URL home(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** Begins a record. */
    void open() {
        names.clear();
        open = true;
    }

    /** Ends the record. */
    List<String> close() {
        open = false;
        return List.copyOf(names);
    }

    /** Something is handed on, to what {@code adapters} stand for in production. */
    void note(Class<?>... adapters) {
        if (!open) {
            return;
        }
        List<Class<?>> here =
                new ArrayList<>(STACK.<List<Class<?>>>walk(frames -> frames.<Class<?>>map(StackFrame::getDeclaringClass)
                        .filter(Stops::isOurs)
                        .toList()));
        Collections.reverse(here);
        here.addAll(List.of(adapters));
        here.forEach(type -> names.add(outermost(type).getSimpleName()));
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("dev.recado.") && home(type).equals(PRODUCT);
    }

    private static Class<?> outermost(Class<?> type) {
        return type.getEnclosingClass() == null ? type : outermost(type.getEnclosingClass());
    }

    /** {@code line} as an event loop. */
    LoopTurns loop(LoopTurns line) {
        return new LoopTurns() {
            @Override
            public void execute(Runnable task) {
                note(NettyTurns.class);
                line.execute(task);
            }

            @Override
            public void after(long ms, Runnable task) {
                note(NettyTurns.class);
                line.after(ms, task);
            }

            @Override
            public boolean isCurrent() {
                return line.isCurrent();
            }

            @Override
            public Timer every(long ms, Runnable task) {
                return line.every(ms, task);
            }
        };
    }

    /** {@code line} as the journal's thread. */
    Turns journal(Turns line) {
        return new Turns() {
            @Override
            public void execute(Runnable task) {
                note(JournalVerticle.class);
                line.execute(task);
            }

            @Override
            public void after(long ms, Runnable task) {
                note(JournalVerticle.class);
                line.after(ms, task);
            }
        };
    }

    /** Lets every call of the disk pass. */
    boolean disk(GatedDisk.Call call, String path) {
        note(NIO_DISK_FILE);
        return true;
    }

    /** {@code broker}, which notes where it tells its sessions that something is stored. */
    Broker broker(Broker broker) {
        return proxy(Broker.class, broker, (call, arguments) -> {
            if (call.getName().equals("open")) {
                arguments[0] = proxy(SessionPort.class, (SessionPort) arguments[0], this::told);
            }
        });
    }

    private void told(Method call, Object[] arguments) {
        if (call.getName().equals("onConfirmed")) {
            note();
        }
    }

    private static <T> T proxy(Class<T> type, T target, BiConsumer<Method, Object[]> before) {
        return type.cast(
                Proxy.newProxyInstance(Stops.class.getClassLoader(), new Class<?>[] {type}, (self, call, arguments) -> {
                    before.accept(call, arguments);
                    Object answer = call.invoke(target, arguments);
                    return answer instanceof PublishPort role && call.getReturnType() == PublishPort.class
                            ? proxy(PublishPort.class, role, before)
                            : answer;
                }));
    }
}
