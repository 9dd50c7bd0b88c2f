package dev.recado.it;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** A temporary directory below {@code target/it}, on the disk that the build uses, which stays where a test failed. */
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@TempDir(cleanup = CleanupMode.ON_SUCCESS, factory = WorkDir.BelowTarget.class)
@interface WorkDir {

    /** Places the directories; named after the test class, so that an artefact tells where it came from. */
    final class BelowTarget implements TempDirFactory {

        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            Path parent = Files.createDirectories(Path.of("target", "it").toAbsolutePath());
            String owner = context.getTestClass().map(Class::getSimpleName).orElse("it");
            return Files.createTempDirectory(parent, owner + "-");
        }
    }
}
