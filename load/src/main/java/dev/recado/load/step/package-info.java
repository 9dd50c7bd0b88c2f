/** Users and their steps whatever the protocol: one user at one step, and the connections that users have or share. */
@NullMarked
package dev.recado.load.step;

import org.jspecify.annotations.NullMarked;
