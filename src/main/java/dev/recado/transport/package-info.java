/**
 * What every wire protocol shares: the listener SPI found by ServiceLoader, its life cycle, back-pressure, header
 * conversion.
 */
@NullMarked
package dev.recado.transport;

import org.jspecify.annotations.NullMarked;
