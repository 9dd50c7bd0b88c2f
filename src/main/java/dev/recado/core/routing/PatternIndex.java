package dev.recado.core.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Many {@link TopicPattern}s at once: a trie of words whose matching follows a set of nodes, so that no pattern costs
 * more than its nodes times the words of a key. For topic exchanges and for pattern subscriptions.
 *
 * <p>One owner: matching marks nodes. How many patterns it holds is bounded by its user.
 */
public final class PatternIndex<T> {

    private static final class Node<T> {
        final Map<String, Node<T>> children = new HashMap<>(2);
        final Set<T> values = new LinkedHashSet<>(2);
        final boolean isAny;
        long seenIn;

        Node(boolean isAny) {
            this.isAny = isAny;
        }

        boolean isBare() {
            return children.isEmpty() && values.isEmpty();
        }
    }

    private final Node<T> root = new Node<>(false);
    private List<Node<T>> active = new ArrayList<>();
    private List<Node<T>> following = new ArrayList<>();
    private long step;
    private int size;

    /** Pairs of pattern and value. */
    public int size() {
        return size;
    }

    /** Adds {@code value} under {@code pattern}; answers false where it was there. */
    public boolean add(String pattern, T value) {
        Node<T> node = root;
        for (String word : TopicPattern.words(pattern)) {
            Node<T> parent = node;
            node = parent.children.computeIfAbsent(word, key -> new Node<>(key.equals(TopicPattern.ANY)));
        }
        boolean added = node.values.add(value);
        size += added ? 1 : 0;
        return added;
    }

    /**
     * Removes {@code value} from under {@code pattern}, and nodes that nothing needs; answers false where it was not
     * there.
     */
    public boolean remove(String pattern, T value) {
        String[] words = TopicPattern.words(pattern);
        List<Node<T>> path = new ArrayList<>(words.length + 1);
        path.add(root);
        for (String word : words) {
            Node<T> child = path.get(path.size() - 1).children.get(word);
            if (child == null) {
                return false;
            }
            path.add(child);
        }
        if (!path.get(words.length).values.remove(value)) {
            return false;
        }
        size--;
        for (int i = words.length; i > 0 && path.get(i).isBare(); i--) {
            path.get(i - 1).children.remove(words[i - 1]);
        }
        return true;
    }

    /** Gives every value whose pattern matches {@code key}: once for each such pattern that it is under. */
    public void match(String key, Consumer<? super T> found) {
        active.clear();
        step++;
        enter(root, active);
        for (String word : TopicPattern.words(key)) {
            advance(word);
        }
        for (Node<T> node : active) {
            node.values.forEach(found);
        }
    }

    private void advance(String word) {
        following.clear();
        step++;
        for (Node<T> node : active) {
            if (node.isAny) {
                enter(node, following);
            }
            if (!word.equals(TopicPattern.ANY) && !word.equals(TopicPattern.ONE)) {
                enter(node.children.get(word), following);
            }
            enter(node.children.get(TopicPattern.ONE), following);
        }
        List<Node<T>> done = active;
        active = following;
        following = done;
    }

    /** A node and, because {@code #} stands for no word too, what can be reached from it without one. */
    private void enter(@Nullable Node<T> node, List<Node<T>> into) {
        Node<T> next = node;
        while (next != null && next.seenIn != step) {
            next.seenIn = step;
            into.add(next);
            next = next.children.get(TopicPattern.ANY);
        }
    }
}
