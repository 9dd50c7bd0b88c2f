package dev.recado.house;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a test class may leave behind, as {@link LeakWatch} tells it, and why nobody can end it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface MayLeave {

    /** A regular expression. */
    String value();

    String because();
}
