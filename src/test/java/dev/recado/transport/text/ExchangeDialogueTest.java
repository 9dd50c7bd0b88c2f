package dev.recado.transport.text;

import org.junit.jupiter.api.Test;

/** Dialogues about exchanges. */
class ExchangeDialogueTest {

    private final Stage stage = new Stage();

    @Test
    void shouldRouteThroughExchanges() {
        stage.play("""
                > EXCHANGE:CREATE:ex:direct
                < OK:EXCHANGE:CREATE:ex
                > EXCHANGE:CREATE:ex2:round
                < ERROR:Invalid argument: exchange type=round allowed=direct, fanout, topic, headers
                > TOPIC:CREATE:a
                < OK:TOPIC:CREATE:a
                > BIND:ex:a:k1
                < OK:BIND:ex:a
                > XPUB:ex:k1::2
                > hi
                < OK:ROUTED:1
                > XPUB:ex:k2::2
                > hi
                < OK:ROUTED:0
                > XPUB:none:k2::2
                > hi
                < ERROR:Unknown exchange: none
                > EXCHANGE:LIST
                < {"name":"ex","type":"direct","internal":false,"auto-delete":false,"alternate":"","durable":true,\
                "bindings":[{"topic":"a","key":"k1","headers":{}}]}
                < .
                > UNBIND:ex:a:k1
                < OK:UNBIND:ex:a
                > EXCHANGE:DELETE:ex
                < OK:EXCHANGE:DELETE:ex
                """);
    }

    @Test
    void shouldJoinExchangesAndPublishBySeveralKeys() {
        stage.play("""
                > EXCHANGE:CREATE:in:direct:alternate=rest
                < OK:EXCHANGE:CREATE:in
                > EXCHANGE:CREATE:in:direct
                < ERROR:Exchange exists: with other settings, exchange=in other=alternate
                > EXCHANGE:CREATE:x:direct:secret=true
                < ERROR:Invalid argument: unknown setting, key=secret allowed=internal, auto-delete, alternate, durable
                > EXCHANGE:CREATE:rest:fanout:internal=true&auto-delete=true&durable=false
                < OK:EXCHANGE:CREATE:rest
                > TOPIC:CREATE:a
                < OK:TOPIC:CREATE:a
                > TOPIC:CREATE:b
                < OK:TOPIC:CREATE:b
                > BIND:in:a:k
                < OK:BIND:in:a
                > BIND:rest:b:
                < OK:BIND:rest:b
                > EXCHANGE:BIND:in:rest:all
                < OK:EXCHANGE:BIND:in:rest
                > EXCHANGE:BIND:in:none:all
                < ERROR:Unknown exchange: none
                > XPUB:in:k::2
                > hi
                < OK:ROUTED:1
                > XPUB:in:k::all&k:2
                > hi
                < OK:ROUTED:2
                > XPUB:in:other::more:2
                > hi
                < OK:ROUTED:1
                > XPUB:rest:k::2
                > hi
                < ERROR:Not allowed: only exchanges lead to an internal exchange, exchange=rest
                > XPUB:in:k::%zz:2
                > hi
                < ERROR:Invalid argument: malformed percent-encoding
                > EXCHANGE:LIST
                < {"name":"in","type":"direct","internal":false,"auto-delete":false,"alternate":"rest","durable":true,\
                "bindings":[{"topic":"a","key":"k","headers":{}},{"exchange":"rest","key":"all","headers":{}}]}
                < {"name":"rest","type":"fanout","internal":true,"auto-delete":true,"alternate":"","durable":false,\
                "bindings":[{"topic":"b","key":"","headers":{}}]}
                < .
                > EXCHANGE:UNBIND:in:rest:all
                < OK:EXCHANGE:UNBIND:in:rest
                > UNBIND:rest:b:
                < OK:UNBIND:rest:b
                > EXCHANGE:DELETE:rest
                < ERROR:Unknown exchange: rest
                """);
    }

    @Test
    void shouldBindByHeadersOfSeveralKinds() {
        stage.play("""
                > EXCHANGE:CREATE:h:headers
                < OK:EXCHANGE:CREATE:h
                > TOPIC:CREATE:a
                < OK:TOPIC:CREATE:a
                > BIND:h:a::x-match=any&kind=jpg&there=:size=5&whole=true&raw=0x0aff&none=%22%22
                < OK:BIND:h:a
                > EXCHANGE:LIST
                < {"name":"h","type":"headers","internal":false,"auto-delete":false,"alternate":"","durable":true,\
                "bindings":[{"topic":"a","key":"","headers":{"kind":"jpg","there":"","x-match":"any"},\
                "values":{"none":"\\"\\"","raw":"0x0aff","size":"5","whole":"true"}}]}
                < .
                > BIND:h:a:::size=five
                < ERROR:Invalid argument: header=size value=five allowed=true, false, a number,\
                 0x and hexadecimal digits, a text in quotation marks
                > BIND:h:a::size=5:size=5
                < ERROR:Invalid argument: two values of one header, header=size
                > UNBIND:h:a::x-match=any&kind=jpg&there=:size=5.0&whole=true&raw=0x0aff&none=%22%22
                < OK:UNBIND:h:a
                """);
    }
}
