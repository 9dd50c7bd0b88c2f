package dev.recado.transport.amqp.wire;

/** The arguments of {@code basic.publish}, read in place. A cursor over the frame; one owner. */
public final class BasicPublish {

    private final Address address = new Address();
    private boolean mandatory;
    private boolean immediate;

    /** Reads the arguments; false where they are malformed, see {@link Arguments#problem}. */
    public boolean read(Arguments in) {
        in.unsignedShort(); // reserved
        address.read(in);
        mandatory = in.bit();
        immediate = in.bit();
        return in.consumed();
    }

    /** Where the message is to go, in the frame. */
    public Address address() {
        return address;
    }

    public boolean mandatory() {
        return mandatory;
    }

    public boolean immediate() {
        return immediate;
    }
}
