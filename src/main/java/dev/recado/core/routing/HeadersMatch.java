package dev.recado.core.routing;

import dev.recado.core.topic.Binding;
import java.util.Map;
import java.util.TreeMap;

/**
 * One binding of a headers exchange. {@code x-match} says whether all (the default) or any of its headers must match;
 * names that begin with {@code x-} count for {@code all-with-x} and {@code any-with-x} only. An empty value asks for
 * presence. Where no header counts, all match and none is any.
 */
record HeadersMatch(int topicId, boolean any, Map<String, String> wanted) {

    static HeadersMatch of(Binding binding) {
        String match = binding.headers().getOrDefault(Binding.MATCH, Binding.MATCH_ALL);
        boolean withX = match.equals(Binding.MATCH_ALL_WITH_X) || match.equals(Binding.MATCH_ANY_WITH_X);
        Map<String, String> wanted = new TreeMap<>(binding.headers());
        wanted.keySet().removeIf(name -> name.equals(Binding.MATCH) || (!withX && name.startsWith("x-")));
        boolean any = match.equals(Binding.MATCH_ANY) || match.equals(Binding.MATCH_ANY_WITH_X);
        return new HeadersMatch(binding.topicId(), any, wanted);
    }

    boolean matches(Map<String, String> headers) {
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            String given = headers.get(entry.getKey());
            boolean same = given != null
                    && (entry.getValue().isEmpty() || entry.getValue().equals(given));
            if (same == any) {
                return any;
            }
        }
        return !any;
    }
}
