package dev.recado.transport.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import org.junit.jupiter.api.Test;

/** Namespaces as the text protocol makes and uses them. */
class NamespaceDialogueTest {

    private final Stage stage = new Stage();

    @Test
    void shouldMakeListAndDeleteNamespaces() {
        stage.play("""
                > NAMESPACE:CREATE:shop
                < OK:NAMESPACE:CREATE:shop
                > NAMESPACE:CREATE:shop
                < OK:NAMESPACE:CREATE:shop
                > NAMESPACE:CREATE:a%3Ab%20c
                < OK:NAMESPACE:CREATE:a%3Ab%20c
                > TOPIC:CREATE:here
                < OK:TOPIC:CREATE:here
                > NAMESPACE:LIST
                < {"name":"/","topics":1,"exchanges":0}
                < {"name":"a:b c","topics":0,"exchanges":0}
                < {"name":"shop","topics":0,"exchanges":0}
                < .
                > NAMESPACE:DELETE:shop
                < OK:NAMESPACE:DELETE:shop
                > NAMESPACE:DELETE:shop
                < ERROR:Not found: namespace=shop
                > NAMESPACE:DELETE:/:topics
                < ERROR:Not allowed: the namespace / is always there
                """);
    }

    @Test
    void shouldRefuseWhatIsMalformed() {
        stage.play("""
                > NAMESPACE
                < ERROR:Unknown command: NAMESPACE:
                > NAMESPACE:USE
                < ERROR:Invalid argument: NAMESPACE:USE:<name>
                > NAMESPACE:USE:%zz
                < ERROR:Invalid argument: malformed percent-encoding
                > NAMESPACE:USE:nowhere
                < ERROR:Not found: namespace=nowhere
                > NAMESPACE:CREATE:
                < ERROR:Invalid argument: namespace name is empty: allowed are 1 to 255 bytes, namespace=
                > NAMESPACE:CREATE:$own
                < ERROR:Invalid argument: namespace name is reserved: names beginning with $ are the broker's, \
                namespace=$own
                > NAMESPACE:DELETE:x:all
                < ERROR:Invalid argument: options=all allowed=topics
                """);
    }

    @Test
    void shouldKeepEqualNamesApart() {
        stage.play("""
                A> NAMESPACE:CREATE:shop
                A< OK:NAMESPACE:CREATE:shop
                B> NAMESPACE:USE:shop
                B< OK:NAMESPACE:USE:shop
                A> PUBL:orders:of a
                A< OK:MSG_ID:0
                B> PUBL:orders:of b
                B< OK:MSG_ID:0
                A> PUBL:orders:again a
                A< OK:MSG_ID:1
                B> SUB:orders:g:10:first
                B< OK:SUB:1
                B< MSG:1:0:1:4
                B< of b
                A> SUB:orders:g:10:first
                A< OK:SUB:1
                A< MSG:1:0:1:4
                A< of a
                A< MSG:1:1:1:7
                A< again a
                """);
        assertThat(stage.broker.catalog.topics())
                .extracting(Topic::name)
                .containsExactly(TopicName.of("orders"), new TopicName("shop", "orders"));
    }

    @Test
    void shouldAdministerInItsNamespaceOnly() {
        stage.play("""
                > NAMESPACE:CREATE:shop
                < OK:NAMESPACE:CREATE:shop
                > TOPIC:CREATE:here
                < OK:TOPIC:CREATE:here
                > EXCHANGE:CREATE:x:fanout
                < OK:EXCHANGE:CREATE:x
                > NAMESPACE:USE:shop
                < OK:NAMESPACE:USE:shop
                > TOPIC:LIST
                < .
                > EXCHANGE:LIST
                < .
                > TOPIC:DELETE:here
                < ERROR:Unknown topic: here
                > EXCHANGE:DELETE:x
                < ERROR:Unknown exchange: shop:x
                > EXCHANGE:CREATE:x:direct
                < OK:EXCHANGE:CREATE:x
                > TOPIC:CREATE:there
                < OK:TOPIC:CREATE:there
                > BIND:x:there:k
                < OK:BIND:x:there
                > BIND:x:here:k
                < ERROR:Unknown topic: here
                > XPUB:x:k::1
                > m
                < OK:ROUTED:1
                > XPUB::here::1
                > m
                < OK:ROUTED:0
                > NAMESPACE:DELETE:shop
                < ERROR:In use: namespace=shop topics=1
                > NAMESPACE:USE:/
                < OK:NAMESPACE:USE:/
                > NAMESPACE:DELETE:shop:topics
                < OK:NAMESPACE:DELETE:shop
                > TOPIC:LIST
                < {"name":"here","kind":"log","durability":"fsync","partitions":1,"groups":0}
                < .
                """);
    }

    @Test
    void shouldEndTheSessionsOfANamespaceThatIsDeleted() {
        stage.play("""
                A> NAMESPACE:CREATE:shop
                A< OK:NAMESPACE:CREATE:shop
                B> NAMESPACE:USE:shop
                B< OK:NAMESPACE:USE:shop
                A> NAMESPACE:USE:shop
                A< OK:NAMESPACE:USE:shop
                C> NAMESPACE:USE:/
                C< OK:NAMESPACE:USE:/
                A> NAMESPACE:DELETE:shop
                A< OK:NAMESPACE:DELETE:shop
                A< ERROR:Not found: namespace=shop
                A! closed
                B< ERROR:Not found: namespace=shop
                B! closed
                C> PING
                C< PONG
                """);
    }

    @Test
    void shouldMatchPatternsInItsNamespaceOnly() {
        stage.play("""
                A> NAMESPACE:CREATE:shop
                A< OK:NAMESPACE:CREATE:shop
                B> NAMESPACE:USE:shop
                B< OK:NAMESPACE:USE:shop
                B> SUB:#
                B< OK:SUB:1
                A> PUBL:orders:of a
                A< OK:MSG_ID:0
                C> NAMESPACE:USE:shop
                C< OK:NAMESPACE:USE:shop
                C> PUBL:orders:of c
                C< OK:MSG_ID:0
                B< MSG:1:0:1:4
                B< of c
                """);
    }

    @Test
    void shouldKeepClassicSessionsInTheirNamespace() {
        stage.play("""
                > NAMESPACE:CREATE:shop
                < OK:NAMESPACE:CREATE:shop
                > NAMESPACE:USE:shop
                < OK:NAMESPACE:USE:shop
                > SEND:hola
                < OK:MSG_ID:0
                > REGISTER:CONSUMER
                < OK:CONSUMER:c1
                < NOTIFY:MESSAGES_AVAILABLE:1
                > GET
                < hola
                B> REGISTER:CONSUMER:other
                B< OK:CONSUMER:other
                B> GET
                B< ERROR:No messages available
                """);
    }

    @Test
    void shouldNotMoveASessionThatNumbersWhatItPublishes() {
        stage.play("""
                > NAMESPACE:CREATE:shop
                < OK:NAMESPACE:CREATE:shop
                > PRODUCER:p:0
                < OK:PRODUCER:p:0
                > NAMESPACE:USE:shop
                < ERROR:Not allowed: the session's producer is one of namespace=/
                """);
    }
}
