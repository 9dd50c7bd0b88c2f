package dev.recado.it;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * What some tests need on the machine beyond the JDK. Where it is missing a test is skipped with a line that says what
 * to install; with {@code CI=true} in the environment it fails, so that a build machine tests everything.
 */
enum Tool {
    /** Compiles what is loaded before the broker's own C library. */
    GCC("a C compiler", "apt-get install gcc libc6-dev", "gcc -xc -include dlfcn.h -fsyntax-only /dev/null"),
    /** Has the C library speak German, below {@code locales}. */
    GERMAN(
            "a C library that speaks German",
            "apt-get install locales",
            "export LOCPATH=$PWD/locales; [ -d locales/de_DE.UTF-8 ] || { mkdir -p locales"
                    + " && localedef -i de_DE -f UTF-8 locales/de_DE.UTF-8; } || exit 1;"
                    + " LANGUAGE=de LC_ALL=de_DE.UTF-8 cat /nowhere 2>&1 | grep Datei"),
    /** Unpacks what {@code -Pdeb} builds. */
    DPKG("dpkg-deb", "apt-get install dpkg", "dpkg-deb --version"),
    /** Makes the JRE of the container image. */
    JLINK("jdeps and jlink of a JDK", "apt-get install openjdk-17-jdk-headless", "jlink --list-plugins && jdeps -h"),
    /** Judges the unit file. */
    SYSTEMD("systemd-analyze", "apt-get install systemd", "systemd-analyze --version"),
    /** Builds the projects of {@code src/test/clients}. */
    MAVEN("Maven", "apt-get install maven", "mvn -v"),
    /** Compiles the C programs of the tests. */
    LIBZMQ(
            "a C compiler and libzmq",
            "apt-get install gcc libc6-dev libzmq3-dev",
            "gcc -xc -include zmq.h -fsyntax-only /dev/null"),
    /** Runs the example of the text protocol's page. */
    PYTHON("Python 3", "apt-get install python3", "python3 -c 'import sys; assert sys.version_info >= (3, 6)'"),
    OPENSSL("openssl", "apt-get install openssl", "openssl version"),
    PIKA("pika for the system's Python", "apt-get install python3 python3-pika", "/usr/bin/python3 -c 'import pika'"),
    /** Tells what another broker answers. */
    RABBITMQ(
            "RabbitMQ",
            "apt-get install --no-install-recommends rabbitmq-server",
            "command -v epmd && [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]"),
    PYZMQ("pyzmq for the system's Python", "apt-get install python3 python3-zmq", "/usr/bin/python3 -c 'import zmq'"),
    PYTHON_MSGPACK(
            "msgpack for the system's Python",
            "apt-get install python3 python3-msgpack",
            "/usr/bin/python3 -c 'import msgpack'"),
    CELERY("celery", "apt-get install python3-celery", "/usr/bin/python3 -c 'import celery'"),
    AIO_PIKA("aio-pika", "apt-get install python3-aio-pika", "/usr/bin/python3 -c 'import aio_pika'"),
    PHP_AMQPLIB("php-amqplib", "apt-get install php-cli php-amqplib", "php -r 'require \"PhpAmqpLib/autoload.php\";'"),
    PHP_AMQP("PHP's amqp extension", "apt-get install php-cli php-amqp", "php -r 'new AMQPConnection();'"),
    ANYEVENT_RABBITMQ(
            "AnyEvent::RabbitMQ for the system's Perl",
            "apt-get install libanyevent-rabbitmq-perl",
            "/usr/bin/perl -MAnyEvent::RabbitMQ -e 1"),
    BUNNY("bunny for the system's Ruby", "apt-get install ruby-bunny", "/usr/bin/ruby -e 'require \"bunny\"'"),
    AMQP_TOOLS("amqp-publish and amqp-consume", "apt-get install amqp-tools", "command -v amqp-publish amqp-consume"),
    AMQPLIB("amqplib, from npm", NodePrograms.NEEDS, NodePrograms.install("amqplib")),
    RABBITMQ_CLIENT("rabbitmq-client, from npm", NodePrograms.NEEDS, NodePrograms.install("rabbitmq-client")),
    CLOUDAMQP("@cloudamqp/amqp-client, from npm", NodePrograms.NEEDS, NodePrograms.install("cloudamqp")),
    NESTJS("NestJS, from npm", NodePrograms.NEEDS, NodePrograms.install("nestjs")),
    MESSAGING_JS("zeromq.js and @msgpack/msgpack, from npm", NodePrograms.NEEDS, NodePrograms.install("messaging")),
    ZEROMQ_JS(
            "zeromq.js, from npm and with a binary that loads",
            "node 20 and npm, and a network at the first run",
            "[ -d node_modules/zeromq ] || npm install --no-audit --no-fund --ignore-scripts || exit 1;"
                    + " node -e 'require(\"zeromq\")'");

    private static final Map<Tool, String> PROBLEMS = new EnumMap<>(Tool.class);

    private final String name;
    private final String install;
    private final String probe;

    Tool(String name, String install, String probe) {
        this.name = name;
        this.install = install;
        this.probe = probe;
    }

    /** Goes on only where the tool is there. */
    void require() {
        String problem;
        synchronized (PROBLEMS) {
            problem = PROBLEMS.computeIfAbsent(this, unused -> ZmqPrograms.problem(List.of("sh", "-c", probe)));
        }
        if (problem.isEmpty()) {
            return;
        }
        lack("needs " + name + "; install: " + install + " (" + problem + ")");
    }

    /** Ends a test that something is missing for; {@code line} says what. */
    static void lack(String line) {
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError("CI=true and the test " + line);
        }
        System.err.println("*** TEST SKIPPED: it " + line);
        Assumptions.abort(line);
    }
}
