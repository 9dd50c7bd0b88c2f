/** Black-box tests: the shaded JAR as separate processes, judged by what a client sees. */
@NullMarked
package dev.recado.it;

import org.jspecify.annotations.NullMarked;
