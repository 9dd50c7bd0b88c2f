/** What a node remembers of its sessions over its own death: chunks that are appended, files that are replaced. */
@NullMarked
package dev.recado.apps.coffee.state;

import org.jspecify.annotations.NullMarked;
