/** Files that commands write, each there as a whole or not at all; the broker's own data go over the journal's disk. */
@NullMarked
package dev.recado.file;

import org.jspecify.annotations.NullMarked;
