/** What options of commands have in common, examples included: how their values are read. */
@NullMarked
package dev.recado.cli.option;

import org.jspecify.annotations.NullMarked;
