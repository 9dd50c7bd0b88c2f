package dev.recado.broker.session;

import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What the transactions of all sessions hold in memory until they have ended, and may hold. Safe for any thread. */
final class TransactionShare {

    private final AtomicLong bytes = new AtomicLong();
    private final long bytesMax;

    TransactionShare(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    long bytes() {
        return bytes.get();
    }

    long bytesMax() {
        return bytesMax;
    }

    /** Takes {@code more} bytes, or answers that there is no room for them. */
    @Nullable
    Refusal take(long more) {
        if (bytes.addAndGet(more) <= bytesMax) {
            return null;
        }
        bytes.addAndGet(-more);
        return Refusal.of(
                ErrorCode.MEMORY_LOW, "no room for what transactions hold together, limit=" + bytesMax + " bytes");
    }

    void giveBack(long fewer) {
        bytes.addAndGet(-fewer);
    }
}
