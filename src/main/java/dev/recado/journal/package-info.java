/**
 * The shared journal, segments, index, checksums, recovery, retention: pure logic over a disk port with one real
 * adapter.
 */
@NullMarked
package dev.recado.journal;

import org.jspecify.annotations.NullMarked;
