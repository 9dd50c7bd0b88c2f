package dev.recado.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The transports that there are. */
public final class Transports {

    private static final List<Transport> FOUND = in(Transports.class.getClassLoader());

    private Transports() {}

    /** Those of this program, in the order of its service file; made once. */
    public static List<Transport> found() {
        return FOUND;
    }

    /**
     * New ones of what {@code loader} finds: in the order of the class path, and of the lines of each service file.
     *
     * @throws java.util.ServiceConfigurationError where a service file names what is no transport
     */
    public static List<Transport> in(ClassLoader loader) {
        List<Transport> all = new ArrayList<>();
        ServiceLoader.load(Transport.class, loader).forEach(all::add);
        return List.copyOf(all);
    }
}
