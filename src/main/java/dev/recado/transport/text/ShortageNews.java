package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.base.Refusal;
import dev.recado.transport.text.wire.ErrorText;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told of a shortage of disk or memory, if it has asked for that: {@code BLOCKED:<words>} and
 * {@code UNBLOCKED}, where the words are those of the error that its publishes are answered with. While the socket
 * takes nothing only the latest is kept, and what is over by then is not told. One session's, one owner.
 */
final class ShortageNews {

    private boolean wanted;
    /** Empty where there is no shortage. */
    private String now = "";

    private String told = "";

    /** The client wants to be told from now on. */
    void want() {
        wanted = true;
    }

    void onShortage(@Nullable Refusal shortage) {
        now = shortage == null ? "" : ErrorText.words(shortage.code());
    }

    void writePush(ByteWriter out) {
        if (!wanted || now.equals(told)) {
            return;
        }
        if (now.isEmpty()) {
            out.putAscii("UNBLOCKED\n");
        } else {
            out.putAscii("BLOCKED:").putAscii(now).put('\n');
        }
        told = now;
    }
}
