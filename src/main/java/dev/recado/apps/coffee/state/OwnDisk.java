package dev.recado.apps.coffee.state;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Steps on a node's own disk. What fails there ends the node, and a connection that breaks does not; both are an
 * IOException, so that of the disk goes on as an UncheckedIOException, which who runs the node unwraps.
 */
public final class OwnDisk {

    /** A step that answers nothing. */
    public interface Step {
        void run() throws IOException;
    }

    /** A step with an answer. */
    public interface Question<T> {
        T ask() throws IOException;
    }

    private OwnDisk() {}

    public static void run(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static <T> T ask(Question<T> question) {
        try {
            return question.ask();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
