package dev.recado.transport.text;

import dev.recado.transport.SlicedOutput;

/**
 * An answer that is encoded in slices when its turn comes.
 *
 * @param heldBytes heap that it holds until then, or about what it will write where that is more
 * @param onEnd runs once its last byte is encoded
 */
record LargeAnswer(SlicedOutput slices, long heldBytes, Runnable onEnd) {}
