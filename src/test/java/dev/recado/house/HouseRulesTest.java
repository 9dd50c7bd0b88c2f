package dev.recado.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ErrorCode;
import dev.recado.transport.Transport;
import dev.recado.transport.Transports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules about the sources themselves. Each list of exceptions only shrinks. */
class HouseRulesTest {

    private static final int FILE_LINES_MAX = 450;
    private static final int METHOD_LINES_MAX = 60;
    private static final int LINE_CHARS_MAX = 120;

    private static final Set<String> TOP_LEVEL =
            Set.of("src", "config", "load", "findings", "README.md", "pom.xml", "LICENSE");
    /** Made by the build and by the run command, ignored by git. */
    private static final Set<String> TOP_LEVEL_MADE = Set.of("target", "data");

    /** Where Java stands: the product and the simulations. */
    private static final List<Path> ROOTS = List.of(Path.of("src"), Path.of("load/src"));

    /** One line of JSON is one line on the wire. */
    private static final Set<String> LONG_LINES = Set.of("transport/text/ExtendedDialogueTest.java");

    /** Spelled in two halves, so that this file does not hold what it forbids. */
    private static final Pattern FORBIDDEN = Pattern.compile("FIX" + "ME|TO" + "DO\\b|@Dis" + "abled");

    private static final Pattern SLEEP = Pattern.compile("Thread" + "\\.sleep|TimeUnit\\.\\w+" + "\\.sleep");

    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?:^|[^A-Za-z0-9._-])/(?:wo" + "rk|ro" + "ot|fa" + "rm|ho" + "me)/");

    private static final Pattern PRODUCT_PACKAGE = Pattern.compile("src/main/java/dev/recado/(.+)/\\w+\\.java$");

    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?dev\\.recado\\.([a-z.]+)\\.[A-Z]");

    /** Words of protocols, their commands and the command line. */
    private static final Pattern PROTOCOL =
            Pattern.compile("(?i)text protocol|zmtp|zeromq|amqp|mqtt|http|socket|\\bwire|\\bcli\\b|\\bcommands?\\b"
                    + "|@code recado|(?-i:[A-Z]{3,}:[A-Z]{3,})");

    @Test
    void shouldKeepFilesShort() throws IOException {
        assertThat(violations(file -> file.lines().size() > FILE_LINES_MAX)).isEmpty();
    }

    @Test
    void shouldKeepMethodsShort() throws IOException {
        // When
        List<String> found = new ArrayList<>();
        for (SourceFile file : sources()) {
            for (SourceFile.Method method : file.methods()) {
                if (method.lineCount() > METHOD_LINES_MAX) {
                    found.add(file.path() + ":" + method.firstLine() + " lines=" + method.lineCount());
                }
            }
        }

        // Then
        assertThat(found).isEmpty();
    }

    @Test
    void shouldKeepLinesShort() throws IOException {
        // When
        List<String> found = new ArrayList<>();
        for (SourceFile file : sources()) {
            List<String> lines = file.lines();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > LINE_CHARS_MAX && !mayHaveLongLines(file)) {
                    found.add(file.path() + ":" + (i + 1));
                }
            }
        }

        // Then
        assertThat(found).isEmpty();
    }

    private static boolean mayHaveLongLines(SourceFile file) {
        return LONG_LINES.stream().anyMatch(name -> file.path().toString().contains("dev/recado/" + name));
    }

    @Test
    void shouldFinishWhatItBegins() throws IOException {
        assertThat(violations(file -> FORBIDDEN.matcher(file.text()).find())).isEmpty();
    }

    @Test
    void shouldNeverSleep() throws IOException {
        assertThat(violations(file -> SLEEP.matcher(file.code()).find())).isEmpty();
    }

    @Test
    void shouldNameNoPathOfADeveloper() throws IOException {
        // When
        List<Path> found = new ArrayList<>();
        for (Path root : ROOTS) {
            for (Path path : files(root, "")) {
                if (isText(path) && MACHINE_PATH.matcher(Files.readString(path)).find()) {
                    found.add(path);
                }
            }
        }

        // Then
        assertThat(found).isEmpty();
    }

    @Test
    void shouldDescribeEveryPackage() throws IOException {
        // When
        List<Path> found = new ArrayList<>();
        for (Path source : mainSources()) {
            Path description = source.resolveSibling("package-info.java");
            if (!Files.exists(description) || !describes(Files.readString(description))) {
                found.add(source.getParent());
            }
        }

        // Then
        assertThat(found).isEmpty();
    }

    /** A comment whose first sentence begins with a capital and ends with a full stop, and null marked. */
    private static boolean describes(String text) {
        return Pattern.compile("(?s)^/\\*\\*\\s+(?:\\* )?[A-Z].+?\\.\\s.*\\*/\\s+@NullMarked\\s+package .*")
                .matcher(text)
                .matches();
    }

    /** So that a name in a log, a review or a search means one class. */
    @Test
    void shouldGiveEveryClassANameOfItsOwn() throws IOException {
        // When
        Set<String> names = new HashSet<>();
        Set<String> twice = new TreeSet<>();
        for (Path source : files(Path.of("src/main/java"), ".java")) {
            String name = source.getFileName().toString().replace(".java", "");
            if (!name.equals("package-info") && !names.add(name)) {
                twice.add(name);
            }
        }

        // Then
        assertThat(twice).isEmpty();
    }

    @Test
    void shouldKeepTheTopLevelAsAgreed() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("."))) {
            assertThat(entries.map(path -> path.getFileName().toString())
                            .filter(name -> !name.startsWith("."))
                            .filter(name -> !TOP_LEVEL_MADE.contains(name)))
                    .isSubsetOf(TOP_LEVEL);
        }
    }

    /** Compiled classes do not tell of an import for the sake of a comment, which couples the readers all the same. */
    @Test
    void shouldImportThroughTheDoorsOnly() throws IOException {
        // Given
        Map<String, Rooms.Room> rooms = Rooms.ALL.stream().collect(Collectors.toMap(Rooms.Room::name, room -> room));

        // When
        List<String> found = new ArrayList<>();
        for (SourceFile file : sources()) {
            Matcher place = PRODUCT_PACKAGE.matcher(file.path().toString().replace('\\', '/'));
            Rooms.Room room = place.find() ? rooms.get(place.group(1).replace('/', '.')) : null;
            for (String line : room == null ? List.<String>of() : file.lines()) {
                Matcher imported = IMPORT.matcher(line);
                if (imported.find()
                        && !imported.group(1).equals(room.name())
                        && !room.doors().contains(imported.group(1))) {
                    found.add(file.path() + " " + line);
                }
            }
        }

        // Then
        assertThat(found).isEmpty();
    }

    /** Room {@code core} serves every protocol, and the next one too: it knows none. */
    @Test
    void shouldNameNoProtocolInTheCore() throws IOException {
        // When
        List<String> found = new ArrayList<>();
        for (Path source : files(Path.of("src/main/java/dev/recado/core"), ".java")) {
            List<String> lines = Files.readAllLines(source);
            for (int i = 0; i < lines.size(); i++) {
                if (PROTOCOL.matcher(lines.get(i)).find()) {
                    found.add(source + ":" + (i + 1) + " " + lines.get(i).strip());
                }
            }
        }

        // Then
        assertThat(found).isEmpty();
    }

    /** Nor does it know a transport by its name: keys and listeners are the transport's own words. */
    @Test
    void shouldNameNoTransportInAStringWhereTransportsAreStarted() throws IOException {
        // Given
        String names = Transports.found().stream().map(Transport::name).collect(Collectors.joining("|"));
        Pattern naming = Pattern.compile("\"(?:[^\"]*[^a-z\"])?(?:" + names + ")(?:[.-][a-z][^\"]*)?\"");

        // When
        List<String> found = new ArrayList<>();
        for (SourceFile file : sources()) {
            String place = file.path().toString().replace('\\', '/');
            boolean starts = place.matches("src/main/java/dev/recado/(app|config|transport)/\\w+\\.java");
            for (String line : starts ? file.lines() : List.<String>of()) {
                if (!line.trim().startsWith("*") && naming.matcher(line).find()) {
                    found.add(place + " " + line.trim());
                }
            }
        }

        // Then
        assertThat(found).isEmpty();
    }

    @Test
    void shouldDocumentEveryErrorCode() throws IOException {
        // Given
        List<String> documented = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("src/site/markdown/errors.md"))) {
            if (line.matches("\\| \\d+ \\| `[A-Z_]+` \\| .+\\S \\| .+\\S \\|")) {
                documented.add(line.replaceAll("^\\| (\\d+) \\| `([A-Z_]+)`.*", "$1 $2"));
            }
        }

        // When
        List<String> codes = Stream.of(ErrorCode.values())
                .map(code -> code.number() + " " + code.name())
                .toList();

        // Then
        assertThat(documented).isEqualTo(codes);
    }

    private static List<String> violations(Predicate<SourceFile> forbidden) throws IOException {
        return sources().stream()
                .filter(forbidden)
                .map(file -> file.path().toString())
                .toList();
    }

    private static List<SourceFile> sources() throws IOException {
        List<SourceFile> sources = new ArrayList<>();
        for (Path root : ROOTS) {
            files(root, ".java").stream().map(SourceFile::read).forEach(sources::add);
        }
        return sources;
    }

    private static List<Path> mainSources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (Path root : ROOTS) {
            sources.addAll(files(root.resolve("main/java"), ".java"));
        }
        return sources;
    }

    private static List<Path> files(Path root, String ending) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile)
                    .filter(path -> path.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isText(Path path) {
        return Pattern.compile("\\.(java|md|xml|yaml|yml|properties|txt)$")
                .matcher(path.toString())
                .find();
    }
}
