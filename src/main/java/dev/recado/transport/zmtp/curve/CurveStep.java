package dev.recado.transport.zmtp.curve;

/** What came of a command from the peer, and what its connection has to do now. */
public enum CurveStep {
    /** A good HELLO. The body of WELCOME was written: send it as a command. */
    WELCOME,
    /**
     * A good INITIATE from a client that is admitted. Its metadata lies in the payload; answer with
     * {@link CurveServer#ready}, or close if the metadata do not suit.
     */
    INITIATED,
    /** A message frame or a command of the protocol inside; see the flags and the payload. */
    MESSAGE,
    /** A good INITIATE from a client that is not admitted. The body of ERROR was written: send it, then close. */
    DENIED,
    /** Malformed, forged, replayed or out of turn. Nothing was written: close without an answer. */
    REFUSED
}
