<?php
// Programs with PHP's amqp extension: php client.php COMMAND PORT [ARGUMENT...]
const PATIENCE_S = 60;

function connect(): AMQPConnection
{
    global $argv;
    $end = microtime(true) + PATIENCE_S;
    while (true) {
        try {
            $connection = new AMQPConnection(['host' => '127.0.0.1', 'port' => (int) $argv[2], 'read_timeout' => 20]);
            $connection->connect();
            return $connection;
        } catch (AMQPException $e) {
            if (microtime(true) > $end) {
                throw $e;
            }
            usleep(100_000);
        }
    }
}

function queue(AMQPChannel $channel, string $name, int $flags): AMQPQueue
{
    $queue = new AMQPQueue($channel);
    if ($name !== '') {
        $queue->setName($name);
    }
    $queue->setFlags($flags);
    $queue->declareQueue();
    return $queue;
}

/** Publishes numbers and writes down each that was confirmed. */
function publish(string $ledger, string $count): void
{
    $number = 0;
    while ($number < (int) $count) {
        try {
            $channel = new AMQPChannel(connect());
            queue($channel, 'jobs', AMQP_DURABLE);
            $exchange = new AMQPExchange($channel);
            $channel->confirmSelect();
            $channel->setConfirmCallback(fn () => false, fn () => throw new AMQPException('a nack'));
            while ($number < (int) $count) {
                $exchange->publish((string) $number, 'jobs', AMQP_MANDATORY, ['delivery_mode' => 2]);
                $channel->waitForConfirm(20);
                file_put_contents($ledger, "$number\n", FILE_APPEND);
                $number++;
                usleep(2_000);
            }
            $channel->getConnection()->disconnect();
        } catch (AMQPException $e) {
            echo get_class($e), ' ', $e->getMessage(), "\n";
            usleep(100_000);
        }
    }
}

/** Writes down each number before it is acknowledged, until it is killed. */
function work(string $ledger): void
{
    while (true) {
        try {
            $channel = new AMQPChannel(connect());
            $channel->setPrefetchCount(10);
            queue($channel, 'jobs', AMQP_DURABLE)->consume(function (AMQPEnvelope $job, AMQPQueue $from) use ($ledger) {
                file_put_contents($ledger, $job->getBody() . "\n", FILE_APPEND);
                $from->ack($job->getDeliveryTag());
                usleep(3_000);
            });
        } catch (AMQPException $e) {
            echo get_class($e), ' ', $e->getMessage(), "\n";
            usleep(100_000);
        }
    }
}

/** Doubles numbers for whoever asks by a queue that the server names. */
function request(string $count): void
{
    $serving = new AMQPChannel(connect());
    $double = queue($serving, 'double', AMQP_NOPARAM);
    $answering = new AMQPExchange($serving);
    $channel = new AMQPChannel(connect());
    $inbox = queue($channel, '', AMQP_EXCLUSIVE);
    $asking = new AMQPExchange($channel);
    for ($n = 0; $n < (int) $count; $n++) {
        $asking->publish((string) $n, 'double', AMQP_NOPARAM, [
            'reply_to' => $inbox->getName(),
            'correlation_id' => (string) $n,
        ]);
    }
    $served = 0;
    $double->consume(function (AMQPEnvelope $question, AMQPQueue $from) use (&$served, $answering, $count) {
        $answering->publish((string) (2 * (int) $question->getBody()), $question->getReplyTo(), AMQP_NOPARAM, [
            'correlation_id' => $question->getCorrelationId(),
        ]);
        $from->ack($question->getDeliveryTag());
        return ++$served < (int) $count;
    });
    $answers = [];
    $inbox->consume(function (AMQPEnvelope $answer) use (&$answers, $count) {
        $answers[$answer->getCorrelationId()] = (int) $answer->getBody();
        return count($answers) < (int) $count;
    }, AMQP_AUTOACK);
    echo count($answers), ' answers, sum ', array_sum($answers), "\n";
}

/** Three hear the same. */
function fanOut(string $count): void
{
    $queues = [];
    for ($i = 0; $i < 3; $i++) {
        $channel = new AMQPChannel(connect());
        $exchange = new AMQPExchange($channel);
        $exchange->setName('news');
        $exchange->setType(AMQP_EX_TYPE_FANOUT);
        $exchange->declareExchange();
        $queues[$i] = queue($channel, '', AMQP_EXCLUSIVE);
        $queues[$i]->bind('news');
    }
    $publisher = new AMQPExchange(new AMQPChannel(connect()));
    $publisher->setName('news');
    for ($n = 0; $n < (int) $count; $n++) {
        $publisher->publish((string) $n);
    }
    $all = 0;
    foreach ($queues as $queue) {
        $heard = [];
        $queue->consume(function (AMQPEnvelope $message) use (&$heard, $count) {
            $heard[] = (int) $message->getBody();
            return count($heard) < (int) $count;
        }, AMQP_AUTOACK);
        $all += $heard === range(0, (int) $count - 1) ? 1 : 0;
    }
    echo $all, " heard all\n";
}

/** As Symfony's Messenger delays: a queue without a consumer, whose messages expire into the queue of their work. */
function delay(string $count): void
{
    $channel = new AMQPChannel(connect());
    $messages = queue($channel, 'messages', AMQP_DURABLE);
    $delays = new AMQPExchange($channel);
    $delays->setName('delays');
    $delays->setType(AMQP_EX_TYPE_DIRECT);
    $delays->setFlags(AMQP_DURABLE);
    $delays->declareExchange();
    $waiting = new AMQPQueue($channel);
    $waiting->setName('delay_messages__500_delay');
    $waiting->setFlags(AMQP_DURABLE);
    $waiting->setArguments([
        'x-message-ttl' => 500,
        'x-expires' => 10_500,
        'x-dead-letter-exchange' => '',
        'x-dead-letter-routing-key' => 'messages',
    ]);
    $waiting->declareQueue();
    $waiting->bind('delays', 'delay_messages__500_delay');
    for ($n = 0; $n < (int) $count; $n++) {
        $delays->publish((string) microtime(true), 'delay_messages__500_delay', AMQP_NOPARAM, ['delivery_mode' => 2]);
    }
    $heard = 0;
    $early = 0;
    $messages->consume(function (AMQPEnvelope $message, AMQPQueue $from) use (&$heard, &$early, $count) {
        $early += microtime(true) - (float) $message->getBody() < 0.499 ? 1 : 0;
        $from->ack($message->getDeliveryTag());
        return ++$heard < (int) $count;
    });
    echo "$heard delayed, $early early\n";
}

$commands = ['publish' => 'publish', 'work' => 'work', 'request' => 'request', 'fan-out' => 'fanOut', 'delay' => 'delay'];
$commands[$argv[1]](...array_slice($argv, 3));
