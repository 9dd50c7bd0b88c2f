/** What goes over the wire: batches between nodes, frames between client and gateway; pure codecs. */
@NullMarked
package dev.recado.apps.coffee.wire;

import org.jspecify.annotations.NullMarked;
