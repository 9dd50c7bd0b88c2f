package dev.recado.shard;

/** Something that has work at the end of a turn of its loop. */
public interface TurnTask {
    void onTurn();
}
