package io.flagledger.server.flagd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.flagledger.core.event.Weight;
import io.flagledger.core.fold.FlagState;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which of the on variants is served to whom is let in. */
final class VariantDraw {
    private final FlagState flag;
    private final List<Weight> on;

    private VariantDraw(FlagState flag) {
        this.flag = flag;
        this.on = flag.variants().on().stream()
                .filter(weight -> weight.weight() > 0)
                .toList();
    }

    static VariantDraw of(FlagState flag) {
        return new VariantDraw(flag);
    }

    /** Whether it is the same one for everybody. */
    boolean isCertain() {
        return on.size() == 1;
    }

    /** The one for everybody, or for those with nothing to draw by. */
    String certain() {
        return on.get(0).variant();
    }

    JsonNode logic() {
        if (isCertain()) {
            return new TextNode(certain());
        }
        Map<String, Integer> weights = new LinkedHashMap<>();
        on.forEach(weight -> weights.put(weight.variant(), weight.weight()));
        return Logic.draw(flag.bucketing().seed() + "variant:", Logic.unit(flag), weights, new TextNode(certain()));
    }

    Access isOneOf(Collection<String> variants) {
        if (on.stream().allMatch(weight -> variants.contains(weight.variant()))) {
            return Access.ALWAYS;
        }
        if (on.stream().noneMatch(weight -> variants.contains(weight.variant()))) {
            return Access.NEVER;
        }
        return Access.when(Logic.in(logic(), variants));
    }
}
