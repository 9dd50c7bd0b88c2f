package dev.recado.shard;

import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Topic;
import java.util.List;

/** Who copies what a partition commits for pattern subscriptions. */
public interface PatternPort {

    /** For what nobody copies. */
    PatternPort NONE = new PatternPort() {
        @Override
        public boolean isMatched(Topic topic) {
            return false;
        }

        @Override
        public void feed(Topic topic, List<StoredRun> runs) {
            // there are none
        }
    };

    /** Whether some subscription's pattern matches {@code topic}. */
    boolean isMatched(Topic topic);

    /** Copies {@code runs} of {@code topic} for those whose pattern matches it. */
    void feed(Topic topic, List<StoredRun> runs);
}
