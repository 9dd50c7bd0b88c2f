package dev.recado.transport.zmtp.curve;

import dev.recado.base.Check;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** The long-term public keys of the clients that a CURVE server admits. Immutable. */
public final class ClientKeys implements Predicate<byte[]> {

    /** Admits every client that knows the server's public key: secrecy, without knowing who it is. */
    public static final Predicate<byte[]> ANY = key -> true;

    private final Set<ByteBuffer> keys;

    private ClientKeys(Set<ByteBuffer> keys) {
        this.keys = Set.copyOf(keys);
    }

    /** Admits these keys of 32 bytes and no others; none at all if there are none. */
    public static ClientKeys of(Collection<byte[]> keys) {
        Set<ByteBuffer> copies = new HashSet<>();
        for (byte[] key : keys) {
            Check.that(key.length == CurveKeys.KEY_BYTES, "client key of a wrong length", key.length);
            copies.add(ByteBuffer.wrap(key.clone()));
        }
        return new ClientKeys(copies);
    }

    /**
     * Reads a list of clients: on each line a public key in Z85, behind which a name may stand, or any number of public
     * certificates as czmq and pyzmq write them, one behind the other. Comments begin with {@code #}.
     *
     * @throws IllegalArgumentException if a line is none of these, or holds a secret key, which has no place here
     */
    public static ClientKeys parse(byte[] text) {
        Set<ByteBuffer> keys = new HashSet<>();
        KeyText lines = new KeyText(text);
        for (KeyText.Kind kind = lines.next(); kind != null; kind = lines.next()) {
            switch (kind) {
                case BARE, PUBLIC -> keys.add(ByteBuffer.wrap(Objects.requireNonNull(lines.key())));
                case SECRET -> throw new IllegalArgumentException("a secret key line=" + lines.line());
                case MALFORMED -> throw new IllegalArgumentException("not a key in Z85 line=" + lines.line());
                default -> {}
            }
        }
        return new ClientKeys(keys);
    }

    /** How many clients are admitted. */
    public int count() {
        return keys.size();
    }

    /** Whether the client of this public key is admitted. */
    @Override
    public boolean test(byte[] key) {
        return keys.contains(ByteBuffer.wrap(key));
    }
}
