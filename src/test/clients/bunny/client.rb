# Programs with bunny: ruby client.rb COMMAND PORT [ARGUMENT...]
require "bunny"
require "set"

COMMAND, PORT, *REST = ARGV
PATIENCE_S = 60
$stdout.sync = true

# A connection that bunny itself brings back after the broker was away.
def connect
  last = Time.now + PATIENCE_S
  begin
    Bunny.new(host: "127.0.0.1", port: Integer(PORT), network_recovery_interval: 0.2,
              recovery_attempts: 300, logger: Logger.new($stdout, level: Logger::ERROR)).start
  rescue Bunny::Exception, SystemCallError
    raise if Time.now > last
    sleep 0.1
    retry
  end
end

# Publishes numbers and writes down each that was confirmed.
def publish(ledger, count)
  told = File.open(ledger, "a")
  told.sync = true
  number = 0
  connection = nil
  while number < Integer(count)
    begin
      connection ||= connect
      channel = connection.create_channel
      queue = channel.queue("jobs", durable: true)
      channel.confirm_select
      while number < Integer(count)
        queue.publish(number.to_s, persistent: true, mandatory: true)
        raise "not confirmed" unless channel.wait_for_confirms
        told.puts number
        number += 1
        sleep 0.002
      end
    rescue StandardError, Timeout::Error => e
      puts "#{e.class} #{e.message}"
      connection.close(false) rescue nil
      connection = nil
      sleep 0.1
    end
  end
  connection.close
end

# Writes down each number before it is acknowledged, until it is killed. Its consumer is brought back by bunny.
def work(ledger)
  done = File.open(ledger, "a")
  done.sync = true
  channel = connect.create_channel
  channel.prefetch(10)
  channel.queue("jobs", durable: true).subscribe(manual_ack: true) do |delivery, _, body|
    done.puts body
    begin
      channel.ack(delivery.delivery_tag)
    rescue Bunny::Exception => e
      puts "#{e.class} #{e.message}"
    end
    sleep 0.003
  end
  sleep
end

# Doubles numbers for whoever asks by a queue that the server names.
def request(count)
  server = connect.create_channel
  server.queue("double").subscribe(manual_ack: true) do |delivery, properties, body|
    server.default_exchange.publish((2 * Integer(body)).to_s, routing_key: properties.reply_to,
                                    correlation_id: properties.correlation_id)
    server.ack(delivery.delivery_tag)
  end
  client = connect.create_channel
  inbox = client.queue("", exclusive: true)
  answers = ::Queue.new
  inbox.subscribe { |_, properties, body| answers << [properties.correlation_id, Integer(body)] }
  Integer(count).times do |number|
    client.default_exchange.publish(number.to_s, routing_key: "double", reply_to: inbox.name,
                                    correlation_id: number.to_s)
  end
  heard = {}
  while heard.size < Integer(count)
    correlation, answer = answers.pop
    heard[correlation] = answer
  end
  [client, server].each { |channel| channel.connection.close }
  puts "#{heard.size} answers, sum #{heard.values.sum}"
end

# Three hear the same.
def fan_out(count)
  subscribers = Array.new(3) do
    channel = connect.create_channel
    queue = channel.queue("", exclusive: true).bind(channel.fanout("news"))
    heard = ::Queue.new
    queue.subscribe { |_, _, body| heard << Integer(body) }
    [channel.connection, heard]
  end
  publisher = connect.create_channel
  publisher.confirm_select
  Integer(count).times { |number| publisher.fanout("news").publish(number.to_s, mandatory: true) }
  raise "not confirmed" unless publisher.wait_for_confirms
  all = subscribers.count { |_, heard| Array.new(Integer(count)) { heard.pop } == (0...Integer(count)).to_a }
  subscribers.each { |connection, _| connection.close }
  publisher.connection.close
  puts "#{all} heard all"
end

send({ "publish" => :publish, "work" => :work, "request" => :request, "fan-out" => :fan_out }[COMMAND], *REST)
