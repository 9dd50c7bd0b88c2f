package dev.recado.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Programs with clients of script languages, unchanged, as they would run against any other broker of AMQP 0-9-1. */
class AmqpScriptClientsIT {

    private static String client(String name, String file) {
        return AmqpProgram.source(name, file).toString();
    }

    /** Debian's {@code python3-aio-pika}; its robust connections come back by themselves. */
    @Nested
    class AioPika extends AmqpClientTrial {

        AioPika() {
            super(Tool.AIO_PIKA, List.of("/usr/bin/python3", client("aio-pika", "client.py")));
        }
    }

    /** {@code amqplib} of npm. */
    @Nested
    class Amqplib extends AmqpClientTrial {

        Amqplib() {
            super(Tool.AMQPLIB, NodePrograms.program("amqplib"));
        }
    }

    /** Debian's {@code amqp-tools}, a process a message; they know no confirms: an agreed close stands for one. */
    @Nested
    class AmqpTools extends AmqpClientTrial {

        AmqpTools() {
            super(Tool.AMQP_TOOLS, List.of("sh", client("amqp-tools", "client.sh")));
        }
    }

    /** Debian's {@code libanyevent-rabbitmq-perl}. */
    @Nested
    class AnyEventRabbitMq extends AmqpClientTrial {

        AnyEventRabbitMq() {
            super(Tool.ANYEVENT_RABBITMQ, List.of("/usr/bin/perl", client("anyevent-rabbitmq", "client.pl")));
        }
    }

    /** Debian's {@code ruby-bunny}, which recovers connections and consumers by itself. */
    @Nested
    class Bunny extends AmqpClientTrial {

        Bunny() {
            super(Tool.BUNNY, List.of("/usr/bin/ruby", client("bunny", "client.rb")));
        }
    }

    /** {@code @cloudamqp/amqp-client} of npm. */
    @Nested
    class CloudAmqp extends AmqpClientTrial {

        CloudAmqp() {
            super(Tool.CLOUDAMQP, NodePrograms.program("cloudamqp"));
        }
    }

    /** Microservices of NestJS, over amqplib and amqp-connection-manager. */
    @Nested
    class NestJs extends AmqpClientTrial {

        NestJs() {
            super(Tool.NESTJS, NodePrograms.program("nestjs"));
        }
    }

    /** Debian's {@code php-amqp}: the extension, over librabbitmq. */
    @Nested
    class PhpAmqp extends AmqpClientTrial {

        PhpAmqp() {
            super(Tool.PHP_AMQP, List.of("php", client("php-amqp", "client.php")));
        }

        @Test
        void shouldDelayAsSymfonyDoes() throws Exception {
            assertThat(answer("delay", 20)).isEqualTo("20 delayed, 0 early\n");
        }
    }

    /** Debian's {@code php-amqplib}. */
    @Nested
    class PhpAmqplib extends AmqpClientTrial {

        PhpAmqplib() {
            super(Tool.PHP_AMQPLIB, List.of("php", client("php-amqplib", "client.php")));
        }
    }

    /** Debian's {@code python3-pika}. */
    @Nested
    class Pika extends AmqpClientTrial {

        Pika() {
            super(Tool.PIKA, List.of("/usr/bin/python3", client("pika", "client.py")));
        }

        @Test
        void shouldReadAStreamAgainAndAgain() throws Exception {
            // Given
            int port = Ports.freeBelowEphemeral();
            try (BrokerProcess broker = BrokerProcess.in(work).amqpPort(port).start()) {
                run("stream-publish", port, 0, 60);
                String first = run("stream-read", port, "first", 60);
                String later = run("stream-read", port, 40, 20);

                // When
                broker.killNine();
                try (BrokerProcess again = broker.again()) {
                    run("stream-publish", port, 60, 20);

                    // Then
                    assertThat(first).isEqualTo("60 0 0 59 59 True\n");
                    assertThat(later).isEqualTo("20 40 40 59 59 True\n");
                    assertThat(run("stream-read", port, "first", 80)).isEqualTo("80 0 0 79 79 True\n");
                    assertThat(run("stream-read", port, 70, 10)).isEqualTo("10 70 70 79 79 True\n");
                    assertThat(run("stream-read", port, "1h", 80)).isEqualTo("80 0 0 79 79 True\n");
                    assertThat(again.isAlive()).isTrue();
                }
            }
        }
    }

    /** {@code rabbitmq-client} of npm, which comes back by itself and makes frames longer than agreed. */
    @Nested
    class RabbitmqClient extends AmqpClientTrial {

        RabbitmqClient() {
            super(Tool.RABBITMQ_CLIENT, NodePrograms.program("rabbitmq-client"));
        }
    }
}
