package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Plays rules written as lines {@code command | what comes of it}. Members are letters, time starts at 0; {@code
 * deliver} answers {@code offset>member}, with {@code #attempt} from the second delivery on; {@code leave} is a member
 * that vanishes, {@code quit} one that says goodbye; {@code kill} ends the process behind what the log was told. With
 * {@code levels} messages have the priorities that {@code priorities} gives to those from offset 0 on, 0 where it does
 * not.
 */
final class GroupScript implements GroupEffects {

    /** By how much the log's clock is ahead of the monotonic one. */
    private static final long LOG_AHEAD_MS = 1_000_000;

    private final Map<Long, String> keys = new HashMap<>();
    private final List<String> effects = new ArrayList<>();
    private final List<Integer> priorities = new ArrayList<>();
    private int top;
    private @Nullable MessageLevels levels;
    private PartitionGroup group = new PartitionGroup(settings(new String[0]), 0);
    private long nowMs;

    static void play(String script) {
        GroupScript player = new GroupScript();
        StringBuilder played = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (String line : script.strip().split("\n")) {
            String[] sides = line.split("\\|", 2);
            String command = sides[0].strip();
            String wanted = sides.length == 1 ? "" : sides[1].strip();
            expected.append(command).append(" | ").append(wanted).append('\n');
            played.append(command).append(" | ").append(player.run(command)).append('\n');
        }
        assertThat(played.toString()).isEqualTo(expected.toString());
    }

    @Override
    public void deadLetter(long offset, int attempts, String reason) {
        effects.add("dead " + offset + " x" + attempts + " " + reason);
    }

    private String run(String command) {
        String[] words = command.split(" +");
        tellLevels();
        String answer =
                switch (words[0]) {
                    case "group" -> newGroup(words);
                    case "alter" -> alter(words);
                    case "keys" -> keys(words);
                    case "levels" -> levels(Integer.parseInt(words[1]));
                    case "priorities" -> priorities(words);
                    case "held-max" -> heldMax(Long.parseLong(words[1]));
                    case "join" -> join(words);
                    case "credit" -> credit(member(words[1]), Integer.parseInt(words[2]));
                    case "deliver" -> deliver(words);
                    case "pull" -> pull(member(words[1]));
                    case "tick" -> tick(words[1]);
                    case "show" -> show();
                    case "restart" -> restart();
                    case "kill" -> kill();
                    case "silent" -> silent();
                    case "drains" -> drains();
                    case "members" -> String.valueOf(group.memberCount());
                    case "drop" -> String.valueOf(new GroupNeeds(group).dropOldest());
                    case "ack", "nack", "reject", "release", "extend" -> settle(words);
                    default -> change(words);
                };
        String all = (answer + " " + String.join(", ", effects)).strip();
        effects.clear();
        return all;
    }

    private String newGroup(String[] words) {
        group = new PartitionGroup(settings(words), 0);
        return "";
    }

    private String alter(String[] words) {
        group.alter(settings(words));
        group.giveUpSpent(this);
        return "";
    }

    private static GroupSettings settings(String[] words) {
        Map<String, String> pairs = new HashMap<>();
        for (int i = 1; i < words.length; i++) {
            pairs.put(words[i].split("=")[0], words[i].substring(words[i].indexOf('=') + 1));
        }
        Strategy strategy = Objects.requireNonNull(Strategy.of(pairs.getOrDefault("strategy", "round-robin")));
        return GroupSettings.DEFAULT
                .with(GroupSettings.STRATEGY, strategy)
                .with(GroupSettings.LEASE_MS, Long.parseLong(pairs.getOrDefault("lease", "1000")))
                .with(GroupSettings.MAX_DELIVERIES, Integer.parseInt(pairs.getOrDefault("max", "16")))
                .with(GroupSettings.BACK_OFF_MS, Long.parseLong(pairs.getOrDefault("back-off", "0")))
                .with(GroupSettings.BACK_OFF_MAX_MS, Long.parseLong(pairs.getOrDefault("back-off-max", "10000")))
                .with(GroupSettings.NACK_COUNTS, Boolean.parseBoolean(pairs.getOrDefault("nack-counts", "true")))
                .with(GroupSettings.DEAD_LETTER, pairs.getOrDefault("dead", GroupSettings.DEAD_LETTER_OF_TOPIC));
    }

    private String keys(String[] words) {
        for (int i = 1; i < words.length; i++) {
            keys.put((long) i - 1, words[i]);
        }
        return "";
    }

    private String levels(int highest) {
        top = highest;
        levels = top == 0 ? null : new MessageLevels(group, top);
        return "";
    }

    private String priorities(String[] words) {
        for (int i = 1; i < words.length; i++) {
            priorities.add(Integer.parseInt(words[i]));
        }
        return "";
    }

    private String heldMax(long ranges) {
        new GroupNeeds(group).holdAtMost(ranges * InHand.RANGE_BYTES);
        return "";
    }

    private void tellLevels() {
        if (levels != null) {
            for (long at = levels.nextUnknown(); at != PartitionGroup.NONE; at = levels.nextUnknown()) {
                levels.tell(at, at < priorities.size() ? priorities.get((int) at) : 0, 100);
            }
        }
    }

    private String join(String[] words) {
        group.join(member(words[1]), Integer.parseInt(words[2]));
        return "";
    }

    private String credit(int member, int messages) {
        if (messages > 0) {
            group.hear(member);
        }
        return String.valueOf(group.addCredit(member, messages));
    }

    private String silent() {
        StringBuilder names = new StringBuilder();
        for (int member = 0; member < 26; member++) {
            names.append(group.isSilent(member) ? String.valueOf((char) ('a' + member)) : "");
        }
        assertThat(names).hasSize(group.silentCount());
        return names.toString();
    }

    private String drains() {
        int member = new LastChances(group).drains();
        return member == PartitionGroup.NONE ? "" : String.valueOf((char) ('a' + member));
    }

    private String deliver(String[] words) {
        List<String> out = new ArrayList<>();
        int max = words.length > 1 ? Integer.parseInt(words[1]) : Integer.MAX_VALUE;
        long offset = group.next(nowMs);
        while (offset != PartitionGroup.NONE && out.size() < max) {
            int member = group.assign(offset, keyHash(offset), nowMs);
            if (member != PartitionGroup.NONE) {
                out.add(delivery(offset, member));
            }
            offset = group.next(nowMs);
        }
        return String.join(" ", out);
    }

    private String pull(int member) {
        long offset = group.pull(member, nowMs);
        while (offset != PartitionGroup.NONE && !group.assignTo(offset, member, keyHash(offset), nowMs)) {
            offset = group.pull(member, nowMs);
        }
        return offset == PartitionGroup.NONE ? "none" : delivery(offset, member);
    }

    private String delivery(long offset, int member) {
        int attempt = group.attempt(offset);
        return offset + ">" + (char) ('a' + member) + (attempt > 1 ? "#" + attempt : "");
    }

    private int keyHash(long offset) {
        return keys.getOrDefault(offset, "key " + offset).hashCode();
    }

    private String tick(String ms) {
        nowMs += Long.parseLong(ms);
        group.onTick(nowMs, this);
        return "";
    }

    private String settle(String[] words) {
        int member = member(words[1]);
        long offset = Long.parseLong(words[2].split("-")[0]);
        boolean held =
                switch (words[0]) {
                    case "nack" ->
                        group.nack(member, offset, words.length > 3 ? Long.parseLong(words[3]) : -1, nowMs, this);
                    case "reject" -> group.reject(member, offset, words[3], nowMs, this);
                    case "release" -> group.release(member, offset, nowMs);
                    case "extend" -> group.extend(member, offset, Long.parseLong(words[3]), nowMs);
                    default -> true;
                };
        if (words[0].equals("ack")) {
            String[] range = words[2].split("-");
            return String.valueOf(group.ack(member, offset, Long.parseLong(range[range.length - 1])));
        }
        return held ? "ok" : "ignored";
    }

    private String change(String[] words) {
        switch (words[0]) {
            case "end" -> group.onEnd(Long.parseLong(words[1]));
            case "log-start" -> group.onLogStart(Long.parseLong(words[1]));
            case "finish" -> group.finish(Long.parseLong(words[1]));
            case "finish-below" -> group.finishBelow(Long.parseLong(words[1]));
            case "reset" -> group.reset(Long.parseLong(words[1]));
            case "dead-done" -> group.deadLetterDone(Long.parseLong(words[1]));
            case "dead-refused" -> group.deadLetterRefused(Long.parseLong(words[1]), nowMs);
            case "leave" -> group.leave(member(words[1]), true, nowMs, this);
            case "quit" -> group.leave(member(words[1]), false, nowMs, this);
            case "hear" -> group.hear(member(words[1]));
            case "trails" -> new LastChances(group).trails(member(words[1]));
            case "share" -> new LastChances(group).share(member(words[1]));
            case "grant" -> new LastChances(group).grant(member(words[1]), true);
            case "reserve" -> new LastChances(group).reserve(member(words[1]), true);
            case "release-member" -> new LastChances(group).reserve(member(words[1]), false);
            case "prefer" -> new Seating(group).prefer(member(words[1]), Integer.parseInt(words[2]));
            case "cease" -> new Seating(group).cease(member(words[1]));
            case "silence" -> group.silence(member(words[1]));
            case "pause" -> group.pauseMember(member(words[1]), true);
            case "resume" -> group.pauseMember(member(words[1]), false);
            default -> throw new IllegalArgumentException(words[0]);
        }
        return "";
    }

    private String show() {
        String due = group.nextDeadlineMs() == Long.MAX_VALUE ? "never" : String.valueOf(group.nextDeadlineMs());
        return "floor=" + group.floor() + " cursor=" + group.cursor() + " backlog=" + group.backlog() + " ready="
                + group.ready() + " leased=" + group.leased() + " waiting=" + group.waiting() + " dying="
                + group.deadLettering() + " deadline=" + due;
    }

    private String restart() {
        ByteWriter out = new ByteWriter(64);
        group.writeState(nowMs, LOG_AHEAD_MS + nowMs, out);
        long end = group.end();
        ByteReader in = new ByteReader(out.toByteArray());
        group = PartitionGroup.readState(group.settings(), PartitionGroup.FORMAT_VERSION, in);
        assertThat(in.consumed()).isTrue();
        group.onEnd(end);
        return levels(top);
    }

    /** The log was told everything, the process ends and another one begins. */
    private String kill() {
        restart();
        group.onRecovered(nowMs, LOG_AHEAD_MS + nowMs, stamp -> LOG_AHEAD_MS + nowMs - stamp, this);
        return "";
    }

    private static int member(String name) {
        return name.charAt(0) - 'a';
    }
}
