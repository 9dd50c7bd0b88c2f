package dev.recado.broker.session;

import dev.recado.core.message.Draft;
import dev.recado.core.message.HeaderValue;
import dev.recado.core.message.HeaderView;
import dev.recado.core.message.Headers;
import dev.recado.core.message.NativeHeaders;
import org.jspecify.annotations.Nullable;

/** The headers of the message that is being published, read when the first exchange asks. One owner, reused. */
final class DraftHeaders implements HeaderView {

    /** What the names of headers begin with that dead letters are given. */
    private static final String TOLD = "dead-";

    private @Nullable Draft draft;
    private @Nullable HeaderView read;

    void begin(Draft published) {
        draft = published;
        read = null;
    }

    /**
     * Of a dead letter: what it is told by has texts, what its publisher sent has the kinds that it had then, as far as
     * somebody can tell them.
     */
    void beginLetter(Draft letter) {
        begin(letter);
        HeaderView sent = NativeHeaders.of(letter);
        if (sent != null) {
            HeaderView texts = of(letter);
            read = (name, wanted) -> (name.startsWith(TOLD) ? texts : sent).matches(name, wanted);
        }
    }

    void end() {
        draft = null;
        read = null;
    }

    @Override
    public boolean matches(String name, HeaderValue wanted) {
        HeaderView known = read;
        if (known == null) {
            known = of(draft);
            read = known;
        }
        return known.matches(name, wanted);
    }

    private static HeaderView of(@Nullable Draft draft) {
        if (draft == null || draft.typedHeaders == null && draft.headersLength == 0) {
            return HeaderView.NONE;
        }
        return draft.typedHeaders != null
                ? draft.typedHeaders
                : HeaderView.ofTexts(Headers.toMap(draft.headersBytes, draft.headersStart, draft.headersLength));
    }
}
