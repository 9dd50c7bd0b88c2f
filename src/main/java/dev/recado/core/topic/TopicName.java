package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.base.Names;
import dev.recado.base.Refusal;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The identity of a topic or of an exchange: a name in a namespace, {@code /} where nobody says. */
public record TopicName(String namespace, String name) implements Comparable<TopicName> {

    public static final String DEFAULT_NAMESPACE = "/";

    private static final Comparator<TopicName> ORDER =
            Comparator.comparing(TopicName::namespace).thenComparing(TopicName::name);

    /** The name in the namespace {@code /}. */
    public static TopicName of(String name) {
        return new TopicName(DEFAULT_NAMESPACE, name);
    }

    /** Says what is wrong with it as the name of a new {@code what}, or null; see {@link Names}. */
    public @Nullable Refusal problem(String what) {
        Refusal problem = Names.problemOfAny("namespace", namespace);
        return problem != null ? problem : Names.problem(what, name);
    }

    @Override
    public int compareTo(TopicName other) {
        return ORDER.compare(this, other);
    }

    /** The name alone in the namespace {@code /}, else {@code namespace:name}; for people. */
    @Override
    public String toString() {
        return namespace.equals(DEFAULT_NAMESPACE) ? name : namespace + ":" + name;
    }

    void encode(ByteWriter out) {
        out.putString(namespace).putString(name);
    }

    static TopicName decode(ByteReader in) {
        return new TopicName(in.readString(), in.readString());
    }
}
