#!/usr/bin/perl
# Programs with AnyEvent::RabbitMQ: perl client.pl COMMAND PORT [ARGUMENT...]
use strict;
use warnings;
use AnyEvent;
use AnyEvent::RabbitMQ;
use IO::Handle;

STDOUT->autoflush(1);
my ($command, $port, @rest) = @ARGV;
my $spec = AnyEvent::RabbitMQ->new->load_xml_spec();

# Lets the event loop run for so many seconds.
sub pause {
    my $done = AnyEvent->condvar;
    my $timer = AnyEvent->timer(after => $_[0], cb => $done);
    $done->recv;
}

# A channel of a connection of its own, as soon as the broker is there. $lost hears of its end.
sub channel {
    my ($lost) = @_;
    for my $try (1 .. 600) {
        my $done = AnyEvent->condvar;
        my $failed = sub { $done->send };
        my $connection = AnyEvent::RabbitMQ->new;
        $connection->connect(
            host => '127.0.0.1', port => $port, user => 'guest', pass => 'guest', vhost => '/', timeout => 5,
            on_success => sub {
                $connection->open_channel(on_success => $done, on_failure => $failed, on_close => $lost);
            },
            on_failure => $failed,
            on_read_failure => sub { $done->send; $lost->() },
            on_close => $lost,
        );
        my $channel = $done->recv;
        return ($connection, $channel) if ref $channel;
        pause(0.1);
    }
    die 'no broker';
}

# Waits for the answer to one request on a channel.
sub ask {
    my ($channel, $method, %arguments) = @_;
    my $done = AnyEvent->condvar;
    $channel->$method(%arguments, on_success => sub { $done->send(@_) },
        on_failure => sub { $done->croak("$method: " . (ref $_[0] ? $_[0]->method_frame->reply_text : $_[0])) });
    return $done->recv;
}

sub body { return $_[0]{body}->payload }

sub write_line {
    my ($file, $line) = @_;
    open(my $out, '>>', $file) or die $!;
    print $out "$line\n";
    close($out) or die $!;
}

# Publishes numbers and writes down each that was confirmed.
sub publish {
    my ($ledger, $count) = @_;
    my $number = 0;
    while ($number < $count) {
        my $confirmed;
        my ($connection, $channel) = channel(sub { $confirmed->send(0) if $confirmed });
        eval {
            ask($channel, 'declare_queue', queue => 'jobs', durable => 1);
            ask($channel, 'confirm');
            while ($number < $count) {
                $confirmed = AnyEvent->condvar;
                $channel->publish(
                    exchange => '', routing_key => 'jobs', mandatory => 1, body => $number,
                    header => { delivery_mode => 2 },
                    on_ack => sub { $confirmed->send(1) },
                    on_nack => sub { $confirmed->send(0) },
                    on_return => sub { $confirmed->send(0) },
                );
                $confirmed->recv or die 'not confirmed';
                write_line($ledger, $number++);
                pause(0.002);
            }
            1;
        } or do {
            print $@;
            pause(0.1);
        };
    }
}

# Writes down each number before it is acknowledged, until it is killed.
sub work {
    my ($ledger) = @_;
    while (1) {
        my $lost = AnyEvent->condvar;
        my ($connection, $channel) = channel(sub { $lost->send });
        eval {
            ask($channel, 'declare_queue', queue => 'jobs', durable => 1);
            ask($channel, 'qos', prefetch_count => 10);
            ask($channel, 'consume', queue => 'jobs', no_ack => 0, on_consume => sub {
                my ($job) = @_;
                write_line($ledger, body($job));
                $channel->ack(delivery_tag => $job->{deliver}->method_frame->delivery_tag);
            });
            $lost->recv;
            1;
        } or print $@;
        pause(0.1);
    }
}

# Doubles numbers for whoever asks by a queue that the server names.
sub request {
    my ($count) = @_;
    my ($server, $serving) = channel(sub {});
    ask($serving, 'declare_queue', queue => 'double');
    ask($serving, 'consume', queue => 'double', no_ack => 0, on_consume => sub {
        my ($question) = @_;
        $serving->publish(
            exchange => '', routing_key => $question->{header}->reply_to, body => 2 * body($question),
            header => { correlation_id => $question->{header}->correlation_id },
        );
        $serving->ack(delivery_tag => $question->{deliver}->method_frame->delivery_tag);
    });
    my ($client, $asking) = channel(sub {});
    my $inbox = ask($asking, 'declare_queue', queue => '', exclusive => 1)->method_frame->queue;
    my %answers;
    my $all = AnyEvent->condvar;
    ask($asking, 'consume', queue => $inbox, on_consume => sub {
        my ($answer) = @_;
        $answers{$answer->{header}->correlation_id} = body($answer);
        $all->send if keys %answers == $count;
    });
    $asking->publish(exchange => '', routing_key => 'double', body => $_,
        header => { reply_to => $inbox, correlation_id => "$_" }) for 0 .. $count - 1;
    $all->recv;
    my $sum = 0;
    $sum += $_ for values %answers;
    print scalar(keys %answers), " answers, sum $sum\n";
}

# Three hear the same.
sub fan_out {
    my ($count) = @_;
    my @subscribers;
    my $all = AnyEvent->condvar;
    for (1 .. 3) {
        my ($connection, $channel) = channel(sub {});
        my @heard;
        ask($channel, 'declare_exchange', exchange => 'news', type => 'fanout');
        my $queue = ask($channel, 'declare_queue', queue => '', exclusive => 1)->method_frame->queue;
        ask($channel, 'bind_queue', queue => $queue, exchange => 'news', routing_key => '');
        $all->begin;
        ask($channel, 'consume', queue => $queue, on_consume => sub {
            push @heard, body($_[0]);
            $all->end if @heard == $count;
        });
        push @subscribers, [$connection, $channel, \@heard];
    }
    my ($connection, $publishing) = channel(sub {});
    $publishing->publish(exchange => 'news', routing_key => '', body => $_) for 0 .. $count - 1;
    $all->recv;
    print scalar(grep { "@{$_->[2]}" eq join(' ', 0 .. $count - 1) } @subscribers), " heard all\n";
}

my %commands = (publish => \&publish, work => \&work, request => \&request, 'fan-out' => \&fan_out);
$commands{$command}->(@rest);
