package dev.recado.broker;

/** Something that has work at the end of a turn of its loop. */
interface TurnTask {
    void onTurn();
}
