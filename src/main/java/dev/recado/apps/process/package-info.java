/** Applications made of processes of this JAR: started, started again when they die, ended with who started them. */
@NullMarked
package dev.recado.apps.process;

import org.jspecify.annotations.NullMarked;
