package dev.recado.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicNote;
import dev.recado.security.Identity;
import dev.recado.transport.amqp.wire.FieldTable;
import dev.recado.transport.amqp.wire.QueueMethods;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queues that are declared again. The fake broker counts one message and one member. */
class AmqpDeclareAgainTest {

    private final AmqpStage stage = new AmqpStage();

    /** What was declared, what is declared then, and the argument that differs; nothing where it is the same. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "same", textBlock = """
            x-queue-type=classic | '' | same
            '' | x-queue-type=classic | same
            x-queue-type=quorum | x-queue-type=quorum | same
            x-queue-type=quorum | '' | 'x-queue-type': received none but current is the value 'quorum' of type 'longstr'
            '' | x-queue-type=quorum | 'x-queue-type': received the value 'quorum' of type 'longstr' but current is none
            x-queue-type=classic | x-queue-type=quorum | 'x-queue-type': received 'quorum' but current is 'classic'
            x-queue-type=quorum | x-queue-type=stream | 'x-queue-type': received 'stream' but current is 'quorum'
            x-queue-type=stream | x-queue-type=classic | 'x-queue-type': received 'classic' but current is 'stream'
            x-queue-type=quorum | x-max-length=5 | 'x-max-length': received the value '5' of type 'signedint' but \
            current is none
            x-overflow=drop-head | x-overflow=drop-head | same
            x-overflow=drop-head | '' | 'x-overflow': received none but current is the value 'drop-head' of type \
            'longstr'
            '' | x-overflow=drop-head | 'x-overflow': received the value 'drop-head' of type 'longstr' but current is \
            none
            x-single-active-consumer=false | '' | 'x-single-active-consumer': received none but current is the value \
            'false' of type 'bool'
            x-max-priority=0 | x-max-priority=~l0 | same
            x-max-priority=0 | '' | 'x-max-priority': received none but current is the value '0' of type 'signedint'
            x-max-priority=5 | x-max-priority=0 | 'x-max-priority': received '0' but current is '5'
            """)
    void shouldRememberWhatAQueueWasDeclaredWith(String first, String then, @Nullable String difference) {
        // Given
        stage.play("""
                > 1 queue.declare q durable FIRST
                < 1 queue.declare-ok q 0 0
                """.replace("FIRST", first));

        // When / Then
        String argument = difference == null ? "" : difference.replaceFirst("':", "' for queue 'q' in vhost '/':");
        stage.play("> 1 queue.declare q durable " + then + "\n"
                + (difference == null
                        ? "< 1 queue.declare-ok q 1 1"
                        : "< 1 channel.close 406 PRECONDITION_FAILED - inequivalent arg " + argument
                                + " (queue.declare)"));
    }

    /** As an early version has left it, or another protocol has made it. */
    private void makeWithoutNote(String name, String arguments) {
        stage.play("> 1 queue.declare model " + arguments + "\n< 1 queue.declare-ok model 0 0");
        Topic model = stage.topic("model");
        GroupSettings group =
                Objects.requireNonNull(model.group(GroupDef.QUEUE)).settings();
        stage.broker.change(
                new CatalogChange.CreateTopic(
                        TopicName.of(name), new UUID(7, 7), model.settings().with(TopicNote.KEY, ""), group, false),
                Identity.BROKER);
    }

    @ParameterizedTest
    @CsvSource({
        "x-queue-type=quorum, ''",
        "x-queue-type=classic, x-queue-type=quorum",
        "x-overflow=drop-head, ''",
        "'', x-overflow=drop-head",
        "'', x-single-active-consumer=false",
        "'', x-max-priority=0"
    })
    void shouldNotCompareWhatIsNotKnownOfAQueue(String first, String then) {
        // Given
        makeWithoutNote("q", "durable " + first);

        // When / Then
        stage.play("> 1 queue.declare q durable " + then + "\n< 1 queue.declare-ok q 1 1");
    }

    @Test
    void shouldCompareTheTypeOfAStreamWithWhatIsNotKnown() {
        // Given
        makeWithoutNote("q", "durable");

        // When / Then
        stage.play("> 1 queue.declare q durable x-queue-type=stream\n"
                + "< 1 channel.close 406 PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue 'q' in vhost"
                + " '/': received the value 'stream' of type 'longstr' but current is none (queue.declare)");
    }

    /** To create it again counts as use, and only what is alike in everything can be created again. */
    @Test
    void shouldCreateAgainWithTheNoteThatIsThere() {
        // Given
        makeWithoutNote("q", "durable");
        QueueMethods.Declare declared =
                new QueueMethods.Declare("q", false, true, false, false, false, FieldTable.EMPTY);

        // When
        QueueArguments again = QueueArguments.of(declared, "it").like(stage.topic("q"));

        // Then
        assertThat(again.topic()).isEqualTo(stage.topic("q").settings());
    }

    /** What a queue of type {@code quorum} is declared with, and what is wrong about it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            q | invalid property 'non-durable' for queue 'q' in vhost '/'
            q durable auto-delete | invalid property 'auto-delete' for queue 'q' in vhost '/'
            q durable exclusive | invalid property 'exclusive-owner' for queue 'q' in vhost '/'
            NAMELESS durable | Cannot declare a server-named queue for type rabbit_quorum_queue
            q durable x-max-priority=5 | invalid arg 'x-max-priority' for queue 'q' in vhost '/' of queue type \
            rabbit_quorum_queue
            q durable x-max-age=5D | invalid arg 'x-max-age' for queue 'q' in vhost '/' of queue type \
            rabbit_quorum_queue
            """)
    void shouldRefuseWhatAQuorumQueueCannotHave(String declared, String problem) {
        String line = declared.replace("NAMELESS", "''");
        stage.play("> 1 queue.declare " + line + " x-queue-type=quorum\n< 1 channel.close 406 PRECONDITION_FAILED - "
                + problem + " (queue.declare)");
    }
}
