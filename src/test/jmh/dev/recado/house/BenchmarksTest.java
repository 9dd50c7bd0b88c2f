package dev.recado.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Calls each benchmark of {@code src/test/jmh} twice, so that one which no longer runs fails the build. */
class BenchmarksTest {

    private static final Path SOURCES = Path.of("src", "test", "jmh");

    static List<Method> benchmarks() throws IOException, ClassNotFoundException {
        List<Method> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith("Bench.java")).toList()) {
                String name = SOURCES.relativize(file).toString().replace(".java", "");
                List<Method> ofClass = annotated(Class.forName(name.replace('/', '.')), Benchmark.class);
                assertThat(ofClass).as("benchmarks of %s", name).isNotEmpty();
                found.addAll(ofClass);
            }
        }
        return found;
    }

    private static List<Method> annotated(Class<?> bench, Class<? extends Annotation> by) {
        return Arrays.stream(bench.getMethods())
                .filter(method -> method.isAnnotationPresent(by))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void shouldRun(Method benchmark) throws ReflectiveOperationException {
        // Given what JMH asks of a class
        Class<?> home = benchmark.getDeclaringClass();
        assertThat(Modifier.isPublic(home.getModifiers()) && !Modifier.isFinal(home.getModifiers()))
                .as("%s is public and not final", home)
                .isTrue();
        Object bench = home.getConstructor().newInstance();
        callAll(bench, Setup.class);
        try {
            // When
            Object first = call(bench, benchmark);
            Object second = call(bench, benchmark);
            // Then a result keeps what is measured from being left out
            assertThat(first).isNotNull();
            assertThat(second).isNotNull();
        } finally {
            callAll(bench, TearDown.class);
        }
    }

    private static void callAll(Object bench, Class<? extends Annotation> by) throws ReflectiveOperationException {
        for (Method method : annotated(bench.getClass(), by)) {
            call(bench, method);
        }
    }

    private static Object call(Object bench, Method method) throws ReflectiveOperationException {
        assertThat(method.getParameterCount()).as("parameters of %s", method).isZero();
        try {
            return method.invoke(bench);
        } catch (InvocationTargetException e) {
            throw new AssertionError(method.toString(), e.getCause());
        }
    }
}
