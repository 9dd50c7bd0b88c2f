/** Commands for people. */
@NullMarked
package dev.recado.cli;

import org.jspecify.annotations.NullMarked;
