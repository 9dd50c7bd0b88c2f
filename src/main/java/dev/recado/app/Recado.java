package dev.recado.app;

import dev.recado.base.ExitCode;
import dev.recado.config.ConfigException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The program. Without arguments it is a broker with its defaults; everything else is a command. */
public final class Recado {

    /** Output is encoded on the heap, so Netty needs little direct memory; its own default is the whole heap again. */
    private static final long DIRECT_BYTES_MAX = 64L << 20;

    private Recado() {}

    /** Ends the process with an {@link ExitCode}. */
    public static void main(String[] args) {
        Parented.watch();
        BrokerCommand plain = PlainStart.read(args);
        System.exit(plain == null ? Commands.execute(args) : run(plain));
    }

    private static int run(BrokerCommand broker) {
        try {
            return broker.call();
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            return ExitCode.USAGE;
        }
    }

    /** Runs a broker on the calling thread until it is stopped, and answers the exit code. */
    static int runBroker(Launch launch) {
        return runBroker(launch, Wiring.broker());
    }

    static int runBroker(Launch launch, BrokerNode.Factory factory) {
        preset("io.netty.maxDirectMemory", Long.toString(DIRECT_BYTES_MAX));
        // What a broker has no use for and would load at its start: names are resolved for listeners only.
        preset("vertx.disableDnsResolver", "true");
        preset("io.netty.jfr.enabled", "false");
        StopSwitch stopSwitch = new StopSwitch(() -> Runtime.getRuntime().halt(ExitCode.FAILED));
        Halt.onUncaught();
        Signals.handle(stopSwitch);
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        return new BrokerProcess(factory, stopSwitch, out, System.err).run(launch);
    }

    /** Sets what a library reads when its classes are loaded; who starts the process may know better. */
    private static void preset(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
