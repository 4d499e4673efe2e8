package io.flagledger.server.flagd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.fold.FlagState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A condition on who asks, as JsonLogic.
 *
 * @param logic true or false where it is the same for everybody
 */
record Access(JsonNode logic) {
    static final Access ALWAYS = new Access(BooleanNode.TRUE);
    static final Access NEVER = new Access(BooleanNode.FALSE);

    private static final String IN = "in";
    private static final String OUT = "out";

    static Access when(JsonNode logic) {
        return new Access(logic);
    }

    /** What the flag says by itself, what stands above it left aside. */
    static Access of(FlagState flag) {
        if (flag.archived()) {
            return NEVER;
        }
        List<JsonNode> ways = new ArrayList<>(List.of(Logic.ADMIN));
        if (flag.killSwitch() == KillSwitch.RELEASED) {
            boolean everybody = flag.stage() == Stage.GENERALLY_AVAILABLE
                    || (flag.stage() == Stage.PERCENTAGE && flag.percentage().equals(Percentage.ALL));
            if (everybody) {
                return ALWAYS;
            }
            if (flag.stage() != Stage.ADMIN_ONLY) {
                allowlist(flag.allowlist(), ways);
            }
            if (flag.stage() == Stage.PERCENTAGE && !flag.percentage().equals(Percentage.ZERO)) {
                ways.add(drawn(flag));
            }
        }
        return when(ways.size() == 1 ? ways.get(0) : Logic.op("or", ways));
    }

    static Access and(List<Access> all) {
        if (all.contains(NEVER)) {
            return NEVER;
        }
        List<JsonNode> needed = all.stream()
                .filter(one -> !one.isAlways())
                .map(Access::logic)
                .distinct()
                .toList();
        return switch (needed.size()) {
            case 0 -> ALWAYS;
            case 1 -> when(needed.get(0));
            default -> when(Logic.op("and", needed));
        };
    }

    boolean isAlways() {
        return equals(ALWAYS);
    }

    boolean isNever() {
        return equals(NEVER);
    }

    /** Whether it says more than a reference to it would, and a reference may be made: see {@link FlagdExport}. */
    boolean isWorthSharing() {
        return !isAlways()
                && !isNever()
                && !logic.equals(Logic.ADMIN)
                && !logic.toString().contains("$");
    }

    private static void allowlist(Allowlist allowlist, List<JsonNode> ways) {
        Set<String> orgs = new TreeSet<>(allowlist.orgs());
        allowlist.users().values().stream()
                .map(UserEntry::org)
                .filter(Objects::nonNull)
                .forEach(orgs::add);
        if (!allowlist.users().isEmpty()) {
            ways.add(Logic.in(Logic.USER, allowlist.users().keySet()));
        }
        if (!orgs.isEmpty()) {
            ways.add(Logic.in(Logic.ORG, orgs));
        }
    }

    private static JsonNode drawn(FlagState flag) {
        Map<String, Integer> shares = new LinkedHashMap<>();
        shares.put(IN, flag.percentage().units());
        shares.put(OUT, Percentage.WHOLE - flag.percentage().units());
        return Logic.op(
                "===",
                Logic.draw(flag.bucketing().seed(), Logic.unit(flag), shares, new TextNode(OUT)),
                new TextNode(IN));
    }
}
