package dev.recado.shard;

/** Work of a part of the shard that comes behind what the shard was told before. */
interface InnerTask extends Queued {
    void goOn();
}
