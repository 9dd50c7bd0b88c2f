/**
 * How a group hands messages to its members: leases, redelivery, strategies, progress; pure, single owner, time passed
 * in.
 */
@NullMarked
package dev.recado.core.group;

import org.jspecify.annotations.NullMarked;
