/** Files that are there as a whole or not at all, and files of lines that are appended to. */
@NullMarked
package dev.recado.apps.messaging.file;

import org.jspecify.annotations.NullMarked;
