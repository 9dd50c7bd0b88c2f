package dev.recado.base;

/**
 * Threads for work that blocks. With more than one of them, tasks run side by side. What a task ends with by an
 * exception is told to whoever made the threads; the next task runs all the same.
 */
public interface WorkerTurns extends Turns {

    /**
     * Takes nothing more and returns once what runs, and what waits to run without a delay, is done. Not to be called
     * by one of its own tasks. Nothing is interrupted: that would close files.
     *
     * @return false where something was still under way after a while
     */
    boolean end();
}
