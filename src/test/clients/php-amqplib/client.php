<?php
// Programs with php-amqplib: php client.php COMMAND PORT [ARGUMENT...]
require 'PhpAmqpLib/autoload.php';

use PhpAmqpLib\Connection\AMQPStreamConnection;
use PhpAmqpLib\Message\AMQPMessage;
use PhpAmqpLib\Wire\AMQPTable;

const PATIENCE_S = 60;

function connect(): AMQPStreamConnection
{
    global $argv;
    $end = microtime(true) + PATIENCE_S;
    while (true) {
        try {
            return new AMQPStreamConnection('127.0.0.1', (int) $argv[2], 'guest', 'guest');
        } catch (Exception $e) {
            if (microtime(true) > $end) {
                throw $e;
            }
            usleep(100_000);
        }
    }
}

/** Publishes numbers and writes down each that was confirmed. */
function publish(string $ledger, string $count): void
{
    $number = 0;
    while ($number < (int) $count) {
        try {
            $connection = connect();
            $channel = $connection->channel();
            $channel->queue_declare('jobs', false, true, false, false);
            $channel->confirm_select();
            $confirmed = false;
            $channel->set_ack_handler(function () use (&$confirmed) {
                $confirmed = true;
            });
            while ($number < (int) $count) {
                $message = new AMQPMessage((string) $number, [
                    'delivery_mode' => AMQPMessage::DELIVERY_MODE_PERSISTENT,
                    'application_headers' => new AMQPTable(['number' => $number, 'list' => [], 'none' => null]),
                ]);
                $confirmed = false;
                $channel->basic_publish($message, '', 'jobs', true);
                $channel->wait_for_pending_acks_returns(20);
                if (!$confirmed) {
                    throw new Exception('not confirmed');
                }
                file_put_contents($ledger, "$number\n", FILE_APPEND);
                $number++;
                usleep(2_000);
            }
            $channel->close();
            $connection->close();
        } catch (Exception $e) {
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
            $channel = connect()->channel();
            $channel->queue_declare('jobs', false, true, false, false);
            $channel->basic_qos(null, 10, null);
            $channel->basic_consume('jobs', '', false, false, false, false, function (AMQPMessage $job) use ($ledger) {
                file_put_contents($ledger, $job->getBody() . "\n", FILE_APPEND);
                $job->ack();
                usleep(3_000);
            });
            while ($channel->is_consuming()) {
                $channel->wait();
            }
        } catch (Exception $e) {
            echo get_class($e), ' ', $e->getMessage(), "\n";
            usleep(100_000);
        }
    }
}

/** Doubles numbers for whoever asks by a queue that the server names. */
function request(string $count): void
{
    $server = connect();
    $serving = $server->channel();
    $serving->queue_declare('double', false, false, false, false);
    $served = 0;
    $serving->basic_consume('double', '', false, false, false, false, function (AMQPMessage $question) use (&$served) {
        $answer = new AMQPMessage((string) (2 * (int) $question->getBody()), [
            'correlation_id' => $question->get('correlation_id'),
        ]);
        $question->getChannel()->basic_publish($answer, '', $question->get('reply_to'));
        $question->ack();
        $served++;
    });
    $client = connect();
    $channel = $client->channel();
    [$inbox] = $channel->queue_declare('', false, false, true, false);
    $answers = [];
    $channel->basic_consume($inbox, '', false, true, false, false, function (AMQPMessage $answer) use (&$answers) {
        $answers[$answer->get('correlation_id')] = (int) $answer->getBody();
    });
    for ($n = 0; $n < (int) $count; $n++) {
        $question = new AMQPMessage((string) $n, ['reply_to' => $inbox, 'correlation_id' => (string) $n]);
        $channel->basic_publish($question, '', 'double');
    }
    while ($served < (int) $count) {
        $serving->wait(null, false, PATIENCE_S);
    }
    while (count($answers) < (int) $count) {
        $channel->wait(null, false, PATIENCE_S);
    }
    $client->close();
    $server->close();
    echo count($answers), ' answers, sum ', array_sum($answers), "\n";
}

/** Three hear the same. */
function fanOut(string $count): void
{
    $subscribers = [];
    $heard = [[], [], []];
    for ($i = 0; $i < 3; $i++) {
        $channel = connect()->channel();
        $channel->exchange_declare('news', 'fanout', false, false, false);
        [$queue] = $channel->queue_declare('', false, false, true, false);
        $channel->queue_bind($queue, 'news');
        $channel->basic_consume($queue, '', false, true, false, false, function (AMQPMessage $m) use (&$heard, $i) {
            $heard[$i][] = (int) $m->getBody();
        });
        $subscribers[] = $channel;
    }
    $publisher = connect();
    $channel = $publisher->channel();
    $channel->confirm_select();
    for ($n = 0; $n < (int) $count; $n++) {
        $channel->batch_basic_publish(new AMQPMessage((string) $n), 'news', '', true);
    }
    $channel->publish_batch();
    $channel->wait_for_pending_acks_returns(PATIENCE_S);
    foreach ($subscribers as $i => $subscriber) {
        while (count($heard[$i]) < (int) $count) {
            $subscriber->wait(null, false, PATIENCE_S);
        }
        $subscriber->getConnection()->close();
    }
    $publisher->close();
    echo count(array_filter($heard, fn ($all) => $all === range(0, (int) $count - 1))), " heard all\n";
}

$commands = ['publish' => 'publish', 'work' => 'work', 'request' => 'request', 'fan-out' => 'fanOut'];
$commands[$argv[1]](...array_slice($argv, 3));
