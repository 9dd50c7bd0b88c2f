/** What a message is and how messages lie in runs and entries: layouts, cursors, no I/O. */
@NullMarked
package dev.recado.core.message;

import org.jspecify.annotations.NullMarked;
