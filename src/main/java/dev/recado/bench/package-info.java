/** The load engine: paces publishers, reads confirmations and deliveries, measures and verifies; knows no protocol. */
@NullMarked
package dev.recado.bench;

import org.jspecify.annotations.NullMarked;
