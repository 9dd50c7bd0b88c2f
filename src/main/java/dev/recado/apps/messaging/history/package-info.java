/** What servers replicate: operations, each applied once, and the ordered histories made of them; pure. */
@NullMarked
package dev.recado.apps.messaging.history;

import org.jspecify.annotations.NullMarked;
