package dev.recado.cli;

import dev.recado.client.ClientOptions;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The data of a stopped broker, served to the command that holds it and to nobody else, until it is closed. */
public interface StoppedBroker extends AutoCloseable {

    /** How the command connects, and as whom. */
    ClientOptions client();

    @Override
    void close() throws IOException;

    /** How one is had. */
    interface Opener {

        /**
         * Takes the lock of a directory, which is made where there is none.
         *
         * @param config the broker's settings in YAML, where it has any
         * @throws Exception where a broker runs on it, it is damaged, or a setting is wrong; the text is for a person
         */
        StoppedBroker open(Path data, @Nullable Path config) throws Exception;
    }
}
