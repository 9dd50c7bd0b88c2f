package dev.recado.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The rules are only as good as what reads the sources for them. */
class SourceFileTest {

    private static final String SOURCE = """
            class A {
                private final int[] table = {1, 2, 3};
                private final Runnable run = () -> {
                    go("}{ // no comment");
                };
                A(int a) {
                    // }
                }
                @Override
                public <T extends B> @Nullable T two(Map<String, T> m) throws X, java.io.Y {
                    if (a) {
                        while (b()) {
                            c = '}';
                        }
                    } else if (d()) {
                        new Thread() {
                            @SuppressWarnings("x")
                            public void run() {
                            }
                        };
                    }
                    String text = \"""
                        } " {
                        \""";
                }
                record R(int x) {
                }
            }
            """;

    @Test
    void shouldFindMethodsAndNothingElse() {
        assertThat(new SourceFile(Path.of("A.java"), SOURCE).methods())
                .extracting(SourceFile.Method::firstLine, SourceFile.Method::lineCount)
                .containsExactly(tuple(6, 3), tuple(18, 2), tuple(10, 16));
    }

    @Test
    void shouldBlankCommentsAndLiteralsButKeepLines() {
        // When
        String code = new SourceFile(Path.of("A.java"), SOURCE).code();

        // Then
        assertThat(code.lines().count()).isEqualTo(SOURCE.lines().count());
        assertThat(code).doesNotContain("no comment", "\"");
    }
}
