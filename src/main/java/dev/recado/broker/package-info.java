/**
 * Where core, journal and replication meet Vert.x: owner loops, mailboxes, the journal worker verticle, and the API
 * that every transport uses.
 */
@NullMarked
package dev.recado.broker;

import org.jspecify.annotations.NullMarked;
