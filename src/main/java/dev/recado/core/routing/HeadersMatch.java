package dev.recado.core.routing;

import dev.recado.core.message.HeaderValue;
import dev.recado.core.message.HeaderView;
import dev.recado.core.topic.Binding;
import java.util.Map;
import java.util.TreeMap;

/**
 * One binding of a headers exchange. {@code x-match} says whether all (the default) or any of its headers must match;
 * names that begin with {@code x-} count for {@code all-with-x} and {@code any-with-x} only. Where no header counts,
 * all match and none is any.
 */
record HeadersMatch(int target, boolean any, Map<String, HeaderValue> wanted) {

    static HeadersMatch of(Binding binding) {
        String match = binding.match();
        boolean withX = match.equals(Binding.MATCH_ALL_WITH_X) || match.equals(Binding.MATCH_ANY_WITH_X);
        Map<String, HeaderValue> wanted = new TreeMap<>(binding.headers());
        wanted.keySet().removeIf(name -> name.equals(Binding.MATCH) || (!withX && name.startsWith("x-")));
        boolean any = match.equals(Binding.MATCH_ANY) || match.equals(Binding.MATCH_ANY_WITH_X);
        return new HeadersMatch(binding.target(), any, wanted);
    }

    boolean matches(HeaderView headers) {
        for (Map.Entry<String, HeaderValue> entry : wanted.entrySet()) {
            if (headers.matches(entry.getKey(), entry.getValue()) == any) {
                return any;
            }
        }
        return !any;
    }
}
