package dev.recado.app;

import dev.recado.config.Config;
import dev.recado.config.ConfigException;
import dev.recado.config.ConfigLoader;
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
        // The plain start does not load the command line's classes: they would cost a tenth of a second or more.
        int code = args.length == 0 ? brokerWithDefaults() : Commands.execute(args);
        System.exit(code);
    }

    private static int brokerWithDefaults() {
        try {
            Config config = new ConfigLoader().environment(System.getenv()).load();
            return runBroker(new Launch(config, null, null));
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
        if (System.getProperty("io.netty.maxDirectMemory") == null) {
            System.setProperty("io.netty.maxDirectMemory", Long.toString(DIRECT_BYTES_MAX));
        }
        StopSwitch stopSwitch = new StopSwitch(() -> Runtime.getRuntime().halt(ExitCode.FAILED));
        Signals.handle(stopSwitch::request);
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        return new BrokerProcess(factory, stopSwitch, out, System.err).run(launch);
    }
}
