package dev.recado.app;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the start of a broker as most people and all scripts write it, without picocli, whose classes would take a
 * third of the time until it is ready. Whatever is written otherwise, wrongly or not, is left to picocli.
 */
final class PlainStart {

    private PlainStart() {}

    /** The command, or null where {@code args} are more than {@code [broker [OPTION [VALUE]]…]}, each option once. */
    static @Nullable BrokerCommand read(String... args) {
        Iterator<String> words = List.of(args).iterator();
        if (words.hasNext() && !words.next().equals("broker")) {
            return null;
        }
        BrokerCommand broker = new BrokerCommand();
        while (words.hasNext()) {
            if (!take(broker, words.next(), words)) {
                return null;
            }
        }
        return broker;
    }

    private static boolean take(BrokerCommand broker, String option, Iterator<String> words) {
        if (option.equals("--free-ports")) {
            boolean first = !broker.freePorts;
            broker.freePorts = true;
            return first;
        }
        String value = words.hasNext() ? words.next() : "";
        // An option's name is no value, and picocli reads more arguments from @FILE.
        try {
            return !value.isEmpty() && "-@".indexOf(value.charAt(0)) < 0 && takeValue(broker, option, value);
        } catch (InvalidPathException e) {
            return false; // picocli tells it
        }
    }

    private static boolean takeValue(BrokerCommand broker, String option, String value) {
        boolean first = true;
        switch (option) {
            case "--set" -> broker.settings.assignments.add(value);
            case "--data" -> {
                first = broker.settings.data == null;
                broker.settings.data = value;
            }
            case "--config" -> {
                first = broker.settings.config == null;
                broker.settings.config = Path.of(value);
            }
            case "--ports-file" -> {
                first = broker.portsFile == null;
                broker.portsFile = Path.of(value);
            }
            default -> first = false;
        }
        return first;
    }
}
