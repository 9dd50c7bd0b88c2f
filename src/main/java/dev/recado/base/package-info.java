/** Words everybody needs: ids, byte cursors, bounded collections, checks, error codes, ports to time and chance. */
@NullMarked
package dev.recado.base;

import org.jspecify.annotations.NullMarked;
