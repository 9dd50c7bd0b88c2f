package dev.recado.apps;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine;

/** One command of an example on a thread of its own, with its outputs and its Ctrl-C. */
public final class CommandRun implements AutoCloseable {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CompletableFuture<Runnable> stop = new CompletableFuture<>();
    private final CompletableFuture<Integer> code = new CompletableFuture<>();

    private CommandRun() {}

    /** Starts it; {@code factory} makes the command line with what takes the stop. */
    public static CommandRun start(Function<Consumer<Runnable>, CommandLine> factory, String... arguments) {
        CommandRun run = new CommandRun();
        CommandLine line = factory.apply(run.stop::complete)
                .setOut(new PrintWriter(run.out, true))
                .setErr(new PrintWriter(run.err, true));
        Thread thread = new Thread(() -> run.code.complete(line.execute(arguments)), "test-command");
        thread.setDaemon(true);
        thread.start();
        return run;
    }

    public String out() {
        return out.toString();
    }

    public String err() {
        return err.toString();
    }

    /** As Ctrl-C does. */
    public void stop() {
        stop.orTimeout(10, TimeUnit.SECONDS).join().run();
    }

    public int exitCode() {
        return code.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        if (!code.isDone()) {
            stop();
            exitCode();
        }
    }
}
