/** Which batches of a session have come, and when its tables are whole; pure. */
@NullMarked
package dev.recado.apps.coffee.session;

import org.jspecify.annotations.NullMarked;
