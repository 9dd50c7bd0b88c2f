/**
 * Where log lines go: standard error and the operations log, set up by code because reading XML costs start-up time.
 */
@NullMarked
package dev.recado.app.logging;

import org.jspecify.annotations.NullMarked;
