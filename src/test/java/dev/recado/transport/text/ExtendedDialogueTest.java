package dev.recado.transport.text;

import org.junit.jupiter.api.Test;

/** The extended commands as dialogues; see {@link Stage} for the notation. Each transcript is When and Then in one. */
class ExtendedDialogueTest {

    private final Stage stage = new Stage();

    @Test
    void shouldGreetAndAnswerPing() {
        stage.play("""
                > HELLO:me
                < OK:HELLO:recado/0.2.0:n1
                > AUTH:guest:guest
                < OK:AUTH
                > AUTH:root:toor
                < ERROR:Not authenticated: wrong user or password
                > PING
                < PONG
                > FOO:bar
                < ERROR:Unknown command: FOO
                > ping
                < ERROR:Unknown command: ping, commands are in upper case and HELP lists them
                > TOPIC:describe:orders
                < ERROR:Unknown command: TOPIC:describe, commands are in upper case and HELP lists them
                > PING:1
                < ERROR:Invalid argument: PING takes nothing behind it
                > STATS:x
                < ERROR:Invalid argument: STATS takes nothing behind it
                > QUIT:x
                < ERROR:Invalid argument: QUIT takes nothing behind it
                > STATS
                < sessions=1
                < .
                > QUIT
                ! closed
                """);
    }

    @Test
    void shouldLetSomebodyReadAlone() {
        stage.play("""
                > PUB:orders:2
                > hi
                < OK:MSG_ID:0
                > SUB:orders::10:first:alone
                < OK:SUB:1
                < MSG:1:0:1:2
                < hi
                B> SUB:orders::10:0:alone&time
                B< OK:SUB:1
                B< MSG:1:0:1:1700000000000:2
                B< hi
                > ACK:1:0
                > UNSUB:1
                < OK:UNSUB:1
                > SUB:orders:workers:10:first:alone
                < ERROR:Invalid argument: who reads alone names a topic and no group, and has no option but time
                > SUB:orders:*:::alone
                < ERROR:Invalid argument: who reads alone names a topic and no group, and has no option but time
                > SUB:orders::10:first:alone&exclusive
                < ERROR:Invalid argument: who reads alone names a topic and no group, and has no option but time
                """);
    }

    @Test
    void shouldPublishAndDeliver() {
        stage.play("""
                > PUB:orders:5
                > hello
                < OK:MSG_ID:0
                > PUB:orders:key%201:a=1&b=%26:2
                > hi
                < OK:MSG_ID:1
                B> SUB:orders:workers:10:first
                B< OK:SUB:1
                B< MSG:1:0:1:5
                B< hello
                B< MSG:1:1:1:key%201:a=1&b=%26:2
                B< hi
                B> NACK:1:1:250
                B< MSG:1:1:2:key%201:a=1&b=%26:2
                B< hi
                B> ACK:1:UPTO:1
                B> EXTEND:1:1:1000
                B< ERROR:Not found: no such lease, sid=1 id=1
                > PUB:orders::x=y:0
                >
                < OK:MSG_ID:2
                B< MSG:1:2:1::x=y:0
                B<
                B> EXTEND:1:2:60000
                B< OK:EXTEND:1:2
                B> ACK!:1:2
                B< ACKED:1:2
                B> UNSUB:1
                B< OK:UNSUB:1
                B> ACK:1:2
                B> UNSUB:1
                B< ERROR:Not found: no such subscription, UNSUB:<sid>
                """);
    }

    @Test
    void shouldHoldBackBeyondCreditAndRejectAtOnce() {
        stage.play("""
                > SUB:orders:workers:1
                < OK:SUB:1
                B> PUB:orders:1
                B> a
                B> PUB:orders:1
                B> b
                B> PUB:orders:1
                B> c
                B< OK:MSG_ID:0
                B< OK:MSG_ID:1
                B< OK:MSG_ID:2
                < MSG:1:0:1:1
                < a
                > REJECT:1:0:too%20bad
                < MSG:1:1:1:1
                < b
                > CREDIT:1:1
                < MSG:1:2:1:1
                < c
                > CREDIT:1:0
                < ERROR:Invalid argument: CREDIT:<sid>:<n>, allowed n=1 to 65535
                """);
    }

    @Test
    void shouldNameThePartitionWhereThereAreSeveral() {
        stage.play("""
                > TOPIC:CREATE:wide:partitions=2
                < OK:TOPIC:CREATE:wide
                > CONFIRM:RANGE
                < OK:CONFIRM
                > SUB:wide:g
                < OK:SUB:1
                > PUB:wide:a::1
                > x
                > PUB:wide:a::1
                > y
                > PUB:wide:b::1
                > z
                < OK:MSG_IDS:1-0:1-1
                < OK:MSG_ID:0-0
                < MSG:1:1-0:1:a::1
                < x
                < MSG:1:1-1:1:a::1
                < y
                < MSG:1:0-0:1:b::1
                < z
                > ACK:1:1-0
                > ACK:1:UPTO:1-1
                > ACK:1:7
                > ACK:1:x
                < ERROR:Invalid argument: ACK:<sid>:[UPTO:]<id>
                """);
    }

    @Test
    void shouldTapWithoutLeases() {
        stage.play("""
                > PUB:news:3
                > old
                < OK:MSG_ID:0
                B> SUB:news:*
                B< OK:SUB:1
                > PUB:news:3
                > new
                < OK:MSG_ID:1
                B< MSG:1:1:1:3
                B< new
                """);
    }

    @Test
    void shouldDeliverThePublishTimeToWhoAskedForIt() {
        stage.play("""
                > TOPIC:CREATE:wide:partitions=2
                < OK:TOPIC:CREATE:wide
                > SUB:orders:workers:10:first:time
                < OK:SUB:1
                > SUB:orders:*:::time
                < OK:SUB:2
                > SUB:orders:*
                < OK:SUB:3
                > SUB:wide:g:::
                < OK:SUB:4
                > SUB:orders:g:::when
                < ERROR:Invalid argument: options=when allowed=time, spend, exclusive, alone, priority=<n>, joined by &, SUB:<topic>[:<group>[:<credit>[:<from>[:<options>]]]]
                > SUB:orders:g:::time:time
                < ERROR:Invalid argument: SUB:<topic>[:<group>[:<credit>[:<from>[:<options>]]]]
                > SUB:wide:h:auto::time
                < OK:SUB:5
                B> PUB:orders:2
                B> hi
                B< OK:MSG_ID:0
                < MSG:1:0:1:1700000000000:2
                < hi
                < MSG:2:0:1:1700000000000:2
                < hi
                < MSG:3:0:1:2
                < hi
                > NACK:1:0
                < MSG:1:0:2:1700000000000:2
                < hi
                B> PUB:wide:a:x=y:2
                B> ho
                B< OK:MSG_ID:1-0
                < MSG:4:1-0:1:a:x=y:2
                < ho
                < MSG:5:1-0:1:1700000000000:a:x=y:2
                < ho
                """);
    }

    @Test
    void shouldNotShareTheTimeOfATapWithOneThatDidNotAsk() {
        stage.play("""
                > SUB:orders:*
                < OK:SUB:1
                B> SUB:orders:*:::time
                B< OK:SUB:1
                C> SUB:orders:*:auto:next:time
                C< OK:SUB:1
                D> PUB:orders:2
                D> hi
                D< OK:MSG_ID:0
                < MSG:1:0:1:2
                < hi
                B< MSG:1:0:1:1700000000000:2
                B< hi
                C< MSG:1:0:1:1700000000000:2
                C< hi
                """);
    }

    @Test
    void shouldSubscribeToPatterns() {
        stage.play("""
                > PUB:weather.es.madrid:3
                > 31C
                < OK:MSG_ID:0
                > SUB:weather.*.madrid:g
                < OK:SUB:1
                B> PUB:weather.es.madrid:3
                B> 32C
                B< OK:MSG_ID:1
                < MSG:1:0:1:3
                < 32C
                """);
    }

    @Test
    void shouldAnswerRequests() {
        stage.play("""
                B> SUB:sums:workers
                B< OK:SUB:1
                > REQ:sums:5000:3
                > 1+1
                B< MSG:1:0:1::reply-to=n1/0/1/0:3
                B< 1+1
                B> REPLY:1:0:1
                B> 2
                < REP:1
                < 2
                > PING
                < PONG
                > REQ:sums:0:1
                > x
                < ERROR:Invalid argument: timeout in ms, allowed=1 to 43200000
                """);
    }

    @Test
    void shouldTimeOutRequests() {
        stage.play("""
                > REQ:sums:5000:3
                > 1+1
                > PING
                """);
        stage.tick(5_000);
        stage.play("""
                < ERROR:Timeout: no reply in time, no group consumes topic=sums
                < PONG
                """);
    }

    @Test
    void shouldTellWhereDeadLettersOfAGroupGo() {
        stage.play("""
                > TOPIC:CREATE:orders:dead-letter.exchange=&dead-letter.key=graves
                < OK:TOPIC:CREATE:orders
                > GROUP:CREATE:orders:g
                < OK:GROUP:CREATE:orders:g
                > GROUP:LIST:orders
                < {"name":"g","kind":"named","strategy":"round-robin","from":"next","lease-ms":30000,"max-deliveries":16,"back-off-ms":100,"back-off-max-ms":10000,"nack-counts":true,"max-members":0,"dead-letter.exchange":"","dead-letter.key":"graves","members":1,"silent":0,"floor":0,"oldest":1700000000000,"backlog":2,"ready":1,"leased":1,"waiting":0,"delivered":3,"acked":4,"redelivered":0,"dead-lettered":0,"held-bytes":560,"held-back":0}
                < .
                > GROUP:ALTER:orders:g:dead-letter=morgue
                < OK:GROUP:ALTER:orders:g
                > GROUP:LIST:orders
                < {"name":"g","kind":"named","strategy":"round-robin","from":"next","lease-ms":30000,"max-deliveries":16,"back-off-ms":100,"back-off-max-ms":10000,"nack-counts":true,"dead-letter":"morgue","max-members":0,"members":1,"silent":0,"floor":0,"oldest":1700000000000,"backlog":2,"ready":1,"leased":1,"waiting":0,"delivered":3,"acked":4,"redelivered":0,"dead-lettered":0,"held-bytes":560,"held-back":0}
                < .
                """);
    }

    @Test
    void shouldAdministrateTopicsAndGroups() {
        stage.play("""
                > TOPIC:CREATE:orders:kind=log&limit.messages=5&overflow=reject
                < OK:TOPIC:CREATE:orders
                > TOPIC:LIST
                < {"name":"orders","kind":"log","durability":"fsync","partitions":1,"groups":0}
                < .
                > GROUP:CREATE:orders:g:strategy=key-ordered
                < OK:GROUP:CREATE:orders:g
                > GROUP:LIST:orders
                < {"name":"g","kind":"named","strategy":"key-ordered","from":"next","lease-ms":30000,"max-deliveries":16,"back-off-ms":100,"back-off-max-ms":10000,"nack-counts":true,"dead-letter":"orders.dead","max-members":0,"members":1,"silent":0,"floor":0,"oldest":1700000000000,"backlog":2,"ready":1,"leased":1,"waiting":0,"delivered":3,"acked":4,"redelivered":0,"dead-lettered":0,"held-bytes":560,"held-back":0}
                < .
                > GROUP:ALTER:orders:g:lease-ms=5000
                < OK:GROUP:ALTER:orders:g
                > GROUP:ALTER:orders:g:from=first
                < ERROR:Invalid argument: from says where a group begins; GROUP:RESET moves one that is there
                > GROUP:RESET:orders:g:first
                < OK:GROUP:RESET:orders:g
                > GROUP:RESET:orders:g:middle
                < ERROR:Invalid argument: from, allowed=first, last, next, <offset> or @<epoch millis>
                > GROUP:DELETE:orders:g
                < OK:GROUP:DELETE:orders:g
                > GROUP:DELETE:orders:g
                < ERROR:Unknown group: g
                > TOPIC:ALTER:orders:ttl=30s
                < OK:TOPIC:ALTER:orders
                > PUB:orders:4
                > "a\\b
                < OK:MSG_ID:0
                > BROWSE:orders:first:10
                < {"id":"0","time":1700000000000,"bytes":4,"payload":"\\"a\\\\b"}
                < .
                > TOPIC:PURGE:orders
                < OK:TOPIC:PURGE:orders:1
                > SUB:orders:g
                < OK:SUB:1
                > TOPIC:DELETE:orders
                < OK:TOPIC:DELETE:orders
                < END:1:topic%20deleted
                > TOPIC:DELETE:orders
                < ERROR:Unknown topic: orders
                > TOPIC:FROB:orders
                < ERROR:Unknown command: TOPIC:FROB
                > TOPIC:CREATE
                < ERROR:Invalid argument: TOPIC:CREATE:<name>[:<k=v&k=v>]
                > BROWSE:orders:first:10
                < ERROR:Unknown topic: orders
                """);
    }

    @Test
    void shouldHelp() {
        // When
        stage.send("A", "HELP\n");
        stage.broker.turn();

        // Then
        org.assertj.core.api.Assertions.assertThat(stage.wire("A").rest())
                .contains("PUB:<topic>:<bytes>")
                .endsWith("\n.\n");
    }

    @Test
    void shouldSayWhatIsWrongWithIdsPatternsAndNumbers() {
        stage.play("""
                > SUB:t:g
                < OK:SUB:1
                > ACK!:1:7-0
                < ERROR:Invalid argument: id=7-0 allowed=<offset>
                > ACK!:2:0
                < ERROR:Not found: no such subscription, sid=2
                > SUB:nope*bad:g
                < ERROR:Invalid argument: pattern=nope*bad, * and # stand for whole words between dots
                > SUB:a.b#:g
                < ERROR:Invalid argument: pattern=a.b#, * and # stand for whole words between dots
                > PRODUCER:q:9223372036854775807
                < ERROR:Invalid argument: next seq=9223372036854775807, allowed=0 to 4611686018427387904
                > PRODUCER:q:x
                < ERROR:Invalid argument: next seq=x, allowed=0 to 4611686018427387904
                > PRODUCER:q:4611686018427387905
                < ERROR:Invalid argument: next seq=4611686018427387905, allowed=0 to 4611686018427387904
                > BROWSE:t:0-5:1
                < ERROR:Invalid argument: from holds for every partition and takes no partition, allowed=first, last, next, <offset> or @<epoch millis>
                > PRODUCER:q:4611686018427387904
                < OK:PRODUCER:q:4611686018427387904
                > PUB:t:1
                > x
                > PUB:t:1
                > y
                < OK:MSG_ID:0
                < ERROR:Invalid argument: number beyond 4611686018427387904 seq=4611686018427387905
                < MSG:1:0:1:1
                < x
                """);
    }

    @Test
    void shouldShowNoTimeToLiveAsZero() {
        // When
        stage.send("A", "TOPIC:CREATE:t\nTOPIC:DESCRIBE:t\n");
        stage.broker.turn();

        // Then
        org.assertj.core.api.Assertions.assertThat(stage.wire("A").rest()).contains("\"ttl\":0,");
    }
}
