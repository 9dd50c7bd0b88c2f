package dev.recado.shard;

/** Who asked a partition's owner something. Any loop: the answer is carried over to the asker's own. */
public interface Asker {

    /** Wants no answer. */
    Asker NOBODY = new Asker() {
        @Override
        public void answered(long ticket, PartitionAnswer answer) {}

        @Override
        public boolean isThere() {
            return false;
        }
    };

    /** Each question is answered once; by none where the node ends first. */
    void answered(long ticket, PartitionAnswer answer);

    /** Whether an answer still reaches somebody: looked at in long searches. */
    boolean isThere();
}
