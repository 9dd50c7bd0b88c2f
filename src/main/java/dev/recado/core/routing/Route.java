package dev.recado.core.routing;

import dev.recado.core.topic.Topic;
import java.util.List;

/**
 * Where a publish goes. Immutable.
 *
 * @param topics each once, in the order of their numbers: empty where no binding matches
 * @param isInternal whether the exchange takes messages of other exchanges only: then there are no topics
 */
public record Route(List<Topic> topics, boolean isInternal) {

    static final Route NOWHERE = new Route(List.of(), false);
    static final Route INTERNAL = new Route(List.of(), true);

    static Route to(List<Topic> topics) {
        return topics.isEmpty() ? NOWHERE : new Route(topics, false);
    }
}
