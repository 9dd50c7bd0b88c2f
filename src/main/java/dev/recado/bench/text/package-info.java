/** Load over the text protocol: its frames written and read without an object a message. */
@NullMarked
package dev.recado.bench.text;

import org.jspecify.annotations.NullMarked;
