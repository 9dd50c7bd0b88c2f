package dev.recado.transport.zmtp;

import dev.recado.transport.Decoded;
import dev.recado.transport.InputAssembly;
import org.jspecify.annotations.Nullable;

/**
 * What a peer sends behind its greeting, as messages and commands: frames in the clear, or, once there is a secure
 * channel, sealed ones that are opened and cut again. One session's, one owner.
 */
final class PeerInput {

    /** The largest message before the handshake is over; metadata is short. */
    private static final int HANDSHAKE_BYTES_MAX = 8 * 1024;

    private final ZmtpEnvironment environment;
    /** Of the frames as they come. */
    private final MessageDecoder decoder;

    private @Nullable SecureChannel channel;
    /** Whether what was last returned lies in what the channel opened, and is kept there before anything else. */
    private boolean opened;
    /** Whether what the channel opened waits for memory. */
    private boolean openedWaits;

    private String problem = "";

    PeerInput(ZmtpEnvironment environment) {
        this.environment = environment;
        decoder = new MessageDecoder(HANDSHAKE_BYTES_MAX, environment.assembly);
    }

    /** Gives bytes to read; the array must stay as it is until {@link #keep}. */
    void feed(byte[] bytes, int from, int length) {
        decoder.input().feed(bytes, from, length);
    }

    /** The handshake is over: messages may be so large from now on. */
    void messageBytesMax(int max) {
        decoder.messageBytesMax(max);
    }

    /** As {@link #messageBytesMax}, and every frame from now on is one of {@code secure}. */
    void secure(SecureChannel secure, int messageBytesMax) {
        channel = secure;
        decoder.messageBytesMax(messageBytesMax + SecureChannel.OVERHEAD_BYTES_MAX);
        decoder.commandsAreMessages();
        decoder.input().lender(secure.memory());
    }

    /** As {@link MessageDecoder#next}; a message or command is in {@link #found}. */
    Decoded next() {
        SecureChannel secure = channel;
        return secure == null ? nextOf(decoder) : nextOpened(secure);
    }

    private Decoded nextOf(MessageDecoder frames) {
        Decoded outcome = frames.next();
        if (outcome == Decoded.MALFORMED) {
            problem = frames.problem();
        }
        return outcome;
    }

    /** A message under way is completed by the next frames. */
    private Decoded nextOpened(SecureChannel secure) {
        keepOpened(secure);
        Decoded outcome = Decoded.NEED_MORE;
        while (outcome == Decoded.NEED_MORE) {
            if (!openedWaits) {
                Decoded sealed = nextOf(decoder);
                if (sealed != Decoded.MESSAGE && sealed != Decoded.COMMAND) {
                    return sealed;
                }
                if (!secure.open(decoder, environment.freshOpened())) {
                    problem = "not a frame of the secure channel";
                    return Decoded.MALFORMED;
                }
            }
            outcome = nextCut(secure);
        }
        return outcome;
    }

    /** What is kept of an incomplete message lies in the channel's own memory, not in the scratch of the loop. */
    private Decoded nextCut(SecureChannel secure) {
        openedWaits = false;
        Decoded outcome = nextOf(secure.opened());
        switch (outcome) {
            case MESSAGE, COMMAND -> opened = true;
            case NEED_MORE -> secure.opened().keep();
            case NO_MEMORY -> {
                if (secure.memory().holdsLarge()) {
                    problem = "no memory for more of a message whose first frame is large";
                    return Decoded.MALFORMED;
                }
                openedWaits = true;
                secure.opened().keep();
            }
            case MALFORMED, TOO_LONG -> {}
        }
        return outcome;
    }

    private void keepOpened(SecureChannel secure) {
        if (opened) {
            opened = false;
            secure.opened().keep();
        }
    }

    /** Where the frames of the message or command lie that was last returned, until the next call or {@link #keep}. */
    MessageDecoder found() {
        return channel == null ? decoder : channel.opened();
    }

    /** After {@link Decoded#MALFORMED}: what is wrong. */
    String problem() {
        return problem;
    }

    /** Lets go of what was fed; what was last returned is no longer valid. */
    void keep() {
        if (openedWaits) {
            decoder.keepReturned();
            return;
        }
        if (channel != null) {
            keepOpened(channel);
        }
        decoder.keep();
    }

    /** Where a large message grows. */
    InputAssembly assembling() {
        return channel == null ? decoder.input() : channel.assembling(decoder);
    }

    /** Nothing more is read. Idempotent. */
    void close() {
        decoder.close();
        if (channel != null) {
            channel.close();
        }
    }
}
