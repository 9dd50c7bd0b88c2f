/** Tests of the journal on a simulated and on the real disk. */
@NullMarked
package dev.recado.journal;

import org.jspecify.annotations.NullMarked;
