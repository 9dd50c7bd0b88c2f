package dev.recado.broker.session;

import dev.recado.core.message.Draft;
import dev.recado.core.message.HeaderValue;
import dev.recado.core.message.HeaderView;
import dev.recado.core.message.Headers;
import org.jspecify.annotations.Nullable;

/** The headers of the message that is being published, read when the first exchange asks. One owner, reused. */
final class DraftHeaders implements HeaderView {

    private @Nullable Draft draft;
    private @Nullable HeaderView read;

    void begin(Draft published) {
        draft = published;
        read = null;
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
