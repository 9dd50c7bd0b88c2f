package dev.recado.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The doors between rooms: which package may import which, and what the pure rooms must not touch. */
class ArchitectureTest {

    private static final String ROOT = "dev.recado.";

    /** Room to the rooms that it may import beside itself; {@code ..} takes in the packages below. */
    private static final Map<String, List<String>> DOORS = Map.ofEntries(
            Map.entry("base", List.of()),
            Map.entry("core..", List.of("base")),
            Map.entry("journal..", List.of("base", "core.message")),
            Map.entry("replication..", List.of("base", "core.message")),
            Map.entry("broker..", List.of("base", "core..", "journal..", "replication..")),
            Map.entry("security..", List.of("base")),
            Map.entry("transport", List.of("base", "core..", "broker..", "security..")),
            Map.entry("transport.text..", List.of("base", "core..", "broker..", "security..", "transport")),
            Map.entry(
                    "transport.zmtp",
                    List.of(
                            "base",
                            "core..",
                            "broker..",
                            "security..",
                            "transport",
                            "transport.zmtp.wire",
                            "transport.zmtp.curve")),
            Map.entry("transport.zmtp.wire", List.of("base")),
            Map.entry("transport.zmtp.curve", List.of("base")),
            Map.entry("client..", List.of("base", "transport.text..")),
            Map.entry("bench", List.of("base")),
            Map.entry("bench.text", List.of("base", "bench", "transport.text.wire")),
            Map.entry("bench.zmtp", List.of("base", "bench", "transport.zmtp.wire")),
            Map.entry("bench.report", List.of("base", "bench")),
            Map.entry("cli..", List.of("base", "client..", "config..", "bench", "bench.report")),
            Map.entry("config..", List.of("base")),
            Map.entry("apps", List.of("base")),
            Map.entry("apps.weather", List.of("base", "apps")),
            Map.entry("apps.divide", List.of("base", "apps")));

    private static final List<String> PURE =
            List.of("base", "core..", "journal..", "replication..", "transport.zmtp.curve");

    /** The one adapter of a pure room to the world is named for its technology. */
    private static final DescribedPredicate<JavaClass> ADAPTER = simpleNameStartingWith("Nio")
            .or(name("dev.recado.base.TimeSource"))
            .or(name("dev.recado.base.TimeSource$1"))
            .as("the adapters");

    /** What makes a node's ports from Vert.x and threads, and who watches them. */
    private static final List<String> WORLD = Stream.of(
                    "NodeStart", "JournalVerticle", "NettyTurns", "ThreadTurns", "SystemChance", "Loop", "LoopWatch")
            .map(name -> "dev.recado.broker." + name)
            .toList();

    /** The results of the API, which need neither loop nor context. */
    private static final List<String> VERTX_RESULTS = Stream.of("Future", "Promise", "AsyncResult", "Completable")
            .map(name -> "io.vertx.core." + name)
            .toList();

    private static JavaClasses product = new ClassFileImporter().importClasses();

    @BeforeAll
    static void importProduct() {
        ImportOption noLibraries =
                (Location location) -> !location.contains("/recado.jar") || location.contains("dev/recado");
        product = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(noLibraries)
                .withImportOption(location -> !location.contains("/quick/test/"))
                .importPackages("dev.recado");
    }

    @TestFactory
    Stream<DynamicTest> shouldKeepTheDoors() {
        return DOORS.entrySet().stream()
                .map(door -> DynamicTest.dynamicTest(door.getKey(), () -> {
                    List<String> allowed = new ArrayList<>(door.getValue());
                    allowed.add(door.getKey());
                    classes()
                            .that()
                            .resideInAPackage(ROOT + door.getKey())
                            .should()
                            .onlyDependOnClassesThat(resideInAnyPackage(packages(allowed))
                                    .or(DescribedPredicate.not(resideInAnyPackage("dev.recado.."))))
                            .allowEmptyShould(true)
                            .check(product);
                }));
    }

    @Test
    void shouldHaveADoorForEveryPackage() {
        classes()
                .should()
                .resideInAnyPackage(packages(Stream.concat(DOORS.keySet().stream(), Stream.of("app.."))
                        .toList()))
                .check(product);
    }

    @Test
    void shouldHaveNoCycles() {
        slices().matching("dev.recado.(**)").should().beFreeOfCycles().check(product);
    }

    @Test
    void shouldKeepNetworkAndFilesOutOfThePureRooms() {
        noClasses()
                .that()
                .resideInAnyPackage(packages(PURE))
                .and(DescribedPredicate.not(ADAPTER))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..", "java.nio.file..", "java.nio.channels..", "java.net..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.io.File.class,
                        java.io.FileInputStream.class,
                        java.io.FileOutputStream.class,
                        java.io.RandomAccessFile.class)
                .check(product);
    }

    @Test
    void shouldKeepThreadsAndClocksOutOfThePureRooms() {
        noClasses()
                .that()
                .resideInAnyPackage(packages(PURE))
                .and(DescribedPredicate.not(ADAPTER))
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, java.util.Timer.class)
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.concurrent\\.(locks\\..*|.*Execut.*|.*Future.*|ForkJoin.*)")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .check(product);
    }

    @Test
    void shouldKeepChanceOutOfTheStateMachines() {
        noClasses()
                .that()
                .resideInAnyPackage(packages(List.of("base", "core..", "replication..", "transport.zmtp.curve")))
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.util.Random.class,
                        java.security.SecureRandom.class,
                        java.util.concurrent.ThreadLocalRandom.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .check(product);
    }

    @Test
    void shouldKeepYamlOutOfEverythingButTheSettingsFile() {
        noClasses()
                .that()
                .doNotHaveSimpleName("YamlFile")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml.jackson.dataformat..", "org.yaml..")
                .check(product);
    }

    @Test
    void shouldKeepBouncyCastleInOneRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "transport.zmtp.curve")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bouncycastle..")
                .check(product);
    }

    /** So that the JAR of these rooms alone runs in other people's programs. */
    @Test
    void shouldNeedNothingButSlf4jForTheClient() {
        String[] rooms = packages(List.of("base", "client..", "transport.text.wire"));
        classes()
                .that()
                .resideInAnyPackage(rooms)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(rooms)
                        .or(resideInAnyPackage("java..", "org.slf4j..", "org.jspecify.annotations..")))
                .check(product);
    }

    @Test
    void shouldKeepOtherPeoplesClientsInTheExamples() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "apps..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.zeromq..", "zmq..")
                .check(product);
    }

    private static String[] packages(List<String> rooms) {
        return rooms.stream().map(room -> ROOT + room).toArray(String[]::new);
    }

    /** Everything else of a node runs on ports, so that a simulation can be its world. */
    @Test
    void shouldKeepThreadsAndVertxInFewClassesOfTheNode() {
        noClasses()
                .that()
                .resideInAPackage("dev.recado.broker..")
                .and(DescribedPredicate.not(nestedOrSelf(WORLD)))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.netty..", "io.vertx..")
                        .and(DescribedPredicate.not(nestedOrSelf(VERTX_RESULTS))))
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.util\\.concurrent\\.(locks\\..*|.*Execut.*|ForkJoin.*)")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Thread.class,
                        java.util.Timer.class,
                        java.util.Random.class,
                        java.security.SecureRandom.class,
                        java.util.concurrent.ThreadLocalRandom.class)
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(product);
    }

    private static DescribedPredicate<JavaClass> nestedOrSelf(List<String> names) {
        return DescribedPredicate.describe("of " + names, one -> names.stream()
                .anyMatch(name -> one.getName().equals(name) || one.getName().startsWith(name + "$")));
    }
}
