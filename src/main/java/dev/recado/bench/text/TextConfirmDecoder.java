package dev.recado.bench.text;

import dev.recado.bench.LoadTransport.ConfirmDecoder;
import dev.recado.bench.LoadTransport.ConfirmEvents;
import dev.recado.transport.text.wire.ReplyDecoder;
import dev.recado.transport.text.wire.ReplyDecoder.Outcome;

/** Reads the answers to {@link TextPublishEncoder}. */
final class TextConfirmDecoder implements ConfirmDecoder {

    private static final int LINE_BYTES_MAX = 64 << 10;

    private final ReplyDecoder replies = new ReplyDecoder(LINE_BYTES_MAX, 0);
    private int greetingsOpen;

    TextConfirmDecoder(int greetings) {
        greetingsOpen = greetings;
    }

    @Override
    public int read(byte[] bytes, int from, int to, ConfirmEvents events) {
        int at = from;
        while (at < to) {
            Outcome outcome = replies.decode(bytes, at, to);
            if (outcome == Outcome.NEED_MORE) {
                return at;
            }
            if (outcome == Outcome.MALFORMED) {
                events.onFailed("not the text protocol: " + replies.malformed());
                return to;
            }
            at = replies.end();
            onReply(events);
        }
        return at;
    }

    @Override
    public int neededBytes() {
        return replies.neededBytes();
    }

    private void onReply(ConfirmEvents events) {
        switch (replies.kind()) {
            case STORED -> events.onStored(replies.lastOffset() - replies.firstOffset() + 1);
            case OK -> {
                if (greetingsOpen > 0 && --greetingsOpen == 0) {
                    events.onReady();
                }
            }
            case ERROR -> {
                String why = replies.text();
                if (greetingsOpen > 0) {
                    events.onFailed(why);
                } else {
                    events.onRefused(!why.startsWith("Unknown outcome"), why);
                }
            }
            case PONG -> events.onFinished();
            default -> events.onFailed("unexpected: " + replies.text());
        }
    }
}
