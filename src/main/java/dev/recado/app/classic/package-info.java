/** The two text files of the classic broker, read and written: messages and the positions of consumers. */
@NullMarked
package dev.recado.app.classic;

import org.jspecify.annotations.NullMarked;
