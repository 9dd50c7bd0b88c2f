package dev.recado.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.recado.security.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The doors between rooms: which package may import which, and what the pure rooms must not touch. */
class ArchitectureTest {

    private static final String ROOT = "dev.recado.";

    /** The journal draws salts. */
    private static final List<String> STATE_MACHINES =
            Rooms.PURE.stream().filter(name -> !name.equals("journal")).toList();

    /** The one adapter of a pure room to the world is named for its technology. */
    private static final DescribedPredicate<JavaClass> ADAPTER = simpleNameStartingWith("Nio")
            .or(name("dev.recado.base.TimeSource"))
            .or(name("dev.recado.base.TimeSource$1"))
            .as("the adapters");

    /** What makes a node's ports from Vert.x and threads, and who watches them. */
    private static final List<String> WORLD = Stream.of(
                    "NodeStart", "JournalVerticle", "NettyTurns", "ThreadTurns", "SystemChance", "LoopWatch")
            .map(name -> "dev.recado.node." + name)
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
        return Rooms.ALL.stream()
                .map(room -> DynamicTest.dynamicTest(room.name(), () -> {
                    List<String> allowed = new ArrayList<>(room.doors());
                    allowed.add(room.name());
                    classes()
                            .that()
                            .resideInAPackage(ROOT + room.name())
                            .should()
                            .onlyDependOnClassesThat(resideInAnyPackage(packages(allowed))
                                    .or(DescribedPredicate.not(resideInAnyPackage("dev.recado.."))))
                            .allowEmptyShould(true)
                            .check(product);
                }));
    }

    /** So that the table says what a room knows, and not what it once did. */
    @TestFactory
    Stream<DynamicTest> shouldHaveNoDoorThatNobodyUses() {
        return Rooms.ALL.stream().flatMap(room -> room.doors().stream()
                .map(door -> DynamicTest.dynamicTest(room.name() + " to " + door, () -> {
                    boolean used = product.stream()
                            .filter(one -> one.getPackageName().equals(ROOT + room.name()))
                            .flatMap(one -> one.getDirectDependenciesFromSelf().stream())
                            .anyMatch(known ->
                                    known.getTargetClass().getPackageName().equals(ROOT + door));
                    assertThat(used).isTrue();
                })));
    }

    @Test
    void shouldHaveADoorForEveryPackage() {
        classes()
                .should()
                .resideInAnyPackage(packages(Stream.concat(Rooms.ALL.stream().map(Rooms.Room::name), Stream.of("app.."))
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
                .resideInAnyPackage(packages(Rooms.PURE))
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
                .resideInAnyPackage(packages(Rooms.PURE))
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
                .resideInAnyPackage(packages(STATE_MACHINES))
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
    void shouldKeepBouncyCastleInItsPlaces() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "transport.zmtp.curve")
                .and()
                .haveNameNotMatching(".*\\.security\\.PasswordHash.*")
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
                        .or(resideInAnyPackage(
                                "java..", "javax.net.ssl..", "org.slf4j..", "org.jspecify.annotations..")))
                .check(product);
    }

    /** A transport is found by its service file: what starts it and what lists its settings does not name it. */
    @Test
    void shouldNameNoTransportWhereTransportsAreStarted() {
        noClasses()
                .that()
                .resideInAnyPackage(packages(List.of("app..", "config", "transport")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "transport.*..")
                .check(product);
    }

    @Test
    void shouldKeepOtherPeoplesClientsInTheExamples() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "apps..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.zeromq..", "zmq..", "com.rabbitmq..", "de.siegmar..", "org.msgpack..")
                .check(product);
    }

    /** So that the next protocol cannot forget a right: what a session may do is asked at the broker's door. */
    @Test
    void shouldKeepRightsOutOfTheTransports() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "transport..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("dev\\.recado\\.security\\.(Rights|Grant|Operation)")
                .check(product);
    }

    /** Who the broker is itself may do everything: of a transport only what makes the topics of its settings. */
    @Test
    void shouldLendNoTransportTheIdentityOfTheBroker() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "transport..")
                .and()
                .doNotHaveSimpleName("EndpointTopic")
                .and()
                .doNotHaveSimpleName("StandardExchanges")
                .should()
                .accessField(Identity.class, "BROKER")
                .check(product);
    }

    private static String[] packages(List<String> rooms) {
        return rooms.stream().map(room -> ROOT + room).toArray(String[]::new);
    }

    /** So that they can be written down and cross a wire: no function, future or object of another room in them. */
    @Test
    void shouldSayCommandsAndEffectsInData() {
        // Given
        DescribedPredicate<JavaClass> function = DescribedPredicate.describe(
                "functions and futures",
                one -> isOneMethod(one) || one.getName().matches(".*(Future|Promise)"));
        DescribedPredicate<JavaClass> stranger =
                resideInAnyPackage("dev.recado.broker..", "dev.recado.node..", "io.vertx..");

        // Then
        classes()
                .that()
                .haveNameMatching("dev\\.recado\\.shard\\.(Shard|Member|Partition)Command\\$.*")
                .or()
                .haveNameMatching("dev\\.recado\\.shard\\.(PartitionAnswer|CommandFrame)\\$.*")
                .or()
                .haveNameMatching("dev\\.recado\\.shard\\.(Join|MemberId|MemberTraits|ColdPiece|PatternBlock)")
                .should(new ArchCondition<>("have no field of " + function.getDescription()) {
                    @Override
                    public void check(JavaClass one, ConditionEvents events) {
                        one.getFields().stream()
                                .flatMap(field -> field.getType().getAllInvolvedRawTypes().stream())
                                .map(JavaClass::getBaseComponentType)
                                .filter(function.or(stranger))
                                .forEach(type -> events.add(SimpleConditionEvent.violated(
                                        one, one.getName() + " holds a " + type.getName())));
                    }
                })
                .check(product);
        noMethods()
                .that()
                .areDeclaredIn("dev.recado.shard.ShardEffects")
                .should()
                .haveRawParameterTypes(
                        DescribedPredicate.describe("a function, a future or a stranger", types -> types.stream()
                                .anyMatch(type -> function.or(stranger).test(type))))
                .check(product);
    }

    /** Everything else of a node runs on ports, so that a simulation can be its world. */
    @Test
    void shouldKeepThreadsAndVertxInFewClassesOfTheNode() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.recado.broker..", "dev.recado.node")
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

    /** Whether a lambda may stand for it. */
    private static boolean isOneMethod(JavaClass one) {
        return one.isInterface()
                && !(one.getPackageName().startsWith("dev.recado")
                        && one.reflect().isSealed())
                && one.getAllMethods().stream()
                                .filter(method -> method.getModifiers().contains(JavaModifier.ABSTRACT))
                                .filter(method -> !method.getOwner().isEquivalentTo(Object.class))
                                .count()
                        == 1;
    }

    private static DescribedPredicate<JavaClass> nestedOrSelf(List<String> names) {
        return DescribedPredicate.describe("of " + names, one -> names.stream()
                .anyMatch(name -> one.getName().equals(name) || one.getName().startsWith(name + "$")));
    }
}
