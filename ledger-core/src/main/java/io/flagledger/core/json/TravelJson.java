package io.flagledger.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.Weight;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.travel.Difference;
import io.flagledger.core.travel.EnvironmentDiff;
import io.flagledger.core.travel.Revision;
import io.flagledger.core.travel.Timeline;
import java.util.List;
import java.util.Map;

/** How answers about the past look as JSON. Flags, events and decisions in them look as they do everywhere. */
public final class TravelJson {
    private TravelJson() {}

    /** All flags at a position: {@code {environment, sequence, at, flags}}. */
    public static ObjectNode state(EnvironmentState state) {
        ObjectNode json = LedgerJson.object().put("environment", state.environment());
        json.setAll(position(state));
        json.set(
                "flags",
                LedgerJson.array(state.flags().sortedValues().stream()
                        .map(flag -> LedgerJson.flag(state.environment(), flag))
                        .toList()));
        return json;
    }

    /** {@code {environment, from, to, flags: [{flag, kind, revisions, differences | before | after}]}}. */
    public static ObjectNode diff(EnvironmentDiff diff) {
        ObjectNode json = LedgerJson.object().put("environment", diff.to().environment());
        json.set("from", position(diff.from()));
        json.set("to", position(diff.to()));
        ArrayNode flags = json.putArray("flags");
        for (EnvironmentDiff.FlagDiff flag : diff.flags()) {
            flags.add(flag(diff, flag));
        }
        return json;
    }

    private static ObjectNode flag(EnvironmentDiff diff, EnvironmentDiff.FlagDiff flag) {
        ObjectNode json = LedgerJson.object()
                .put("flag", flag.flag())
                .put("kind", flag.kind().name());
        FlagState before = flag.before();
        FlagState after = flag.after();
        if (before != null && after != null) {
            json.putObject("revisions")
                    .put("from", before.lastChange().revision())
                    .put("to", after.lastChange().revision());
            json.set("differences", differences(flag.differences()));
        } else if (before != null) {
            json.set("before", LedgerJson.flag(diff.from().environment(), before));
        } else if (after != null) {
            json.set("after", LedgerJson.flag(diff.to().environment(), after));
        }
        return json;
    }

    /** {@code {environment, flag, revisions: [{event, differences}]}}. */
    public static ObjectNode history(String environment, String flag, List<Revision> revisions) {
        ObjectNode json = LedgerJson.object().put("environment", environment).put("flag", flag);
        ArrayNode list = json.putArray("revisions");
        for (Revision revision : revisions) {
            ObjectNode node = list.addObject();
            node.set("event", LedgerJson.event(revision.recorded()));
            node.set("differences", differences(revision.differences()));
        }
        return json;
    }

    /** {@code {environment, flag, subject, sequence, at, open, intervals: [{from: {event, decision}, until?}]}}. */
    public static ObjectNode timeline(Timeline timeline) {
        ObjectNode json =
                LedgerJson.object().put("environment", timeline.environment()).put("flag", timeline.flag());
        json.set("subject", subject(timeline.subject()));
        json.put("sequence", timeline.sequence());
        json.put("at", LedgerJson.time(timeline.at()));
        json.put("open", timeline.isOpen());
        ArrayNode intervals = json.putArray("intervals");
        for (Timeline.Interval interval : timeline.intervals()) {
            ObjectNode node = intervals.addObject();
            node.set("from", edge(interval.from()));
            Timeline.Edge until = interval.until();
            if (until != null) {
                node.set("until", edge(until));
            }
        }
        return json;
    }

    /** A subject as {@link LedgerJson#readSubject} reads it. */
    public static ObjectNode subject(Subject subject) {
        ObjectNode json = LedgerJson.object();
        LedgerJson.putIfThere(json, "targetingKey", subject.user());
        LedgerJson.putIfThere(json, "orgId", subject.org());
        return json.put("admin", subject.admin());
    }

    /** What differs: {@code [{field, before, after}]}, and of an allowlist {@code {field, added, removed}}. */
    public static ArrayNode differences(List<Difference> differences) {
        return LedgerJson.array(differences.stream()
                .map(difference -> difference.match(new DifferenceWriter()))
                .toList());
    }

    private static ObjectNode position(EnvironmentState state) {
        return LedgerJson.object().put("sequence", state.sequence()).put("at", LedgerJson.time(state.ledgerTime()));
    }

    private static ObjectNode edge(Timeline.Edge edge) {
        ObjectNode json = LedgerJson.object();
        json.set("event", LedgerJson.event(edge.cause()));
        json.set("decision", LedgerJson.decision(edge.decision()));
        return json;
    }

    /** Writes each field as a flag's JSON has it. */
    private static final class DifferenceWriter implements Difference.Cases<ObjectNode> {

        @Override
        public ObjectNode text(Difference.TextDiffers difference) {
            return start(difference).put("before", difference.before()).put("after", difference.after());
        }

        @Override
        public ObjectNode choice(Difference.ChoiceDiffers difference) {
            return start(difference)
                    .put("before", difference.before().name())
                    .put("after", difference.after().name());
        }

        @Override
        public ObjectNode truth(Difference.TruthDiffers difference) {
            return start(difference).put("before", difference.before()).put("after", difference.after());
        }

        @Override
        public ObjectNode percentage(Difference.PercentageDiffers difference) {
            return start(difference)
                    .put("before", difference.before().percent())
                    .put("after", difference.after().percent());
        }

        @Override
        public ObjectNode texts(Difference.TextsDiffer difference) {
            return both(difference, ChangeWriter.texts(difference.before()), ChangeWriter.texts(difference.after()));
        }

        @Override
        public ObjectNode values(Difference.ValuesDiffer difference) {
            return both(difference, values(difference.before()), values(difference.after()));
        }

        @Override
        public ObjectNode weights(Difference.WeightsDiffer difference) {
            return both(difference, weights(difference.before()), weights(difference.after()));
        }

        @Override
        public ObjectNode parents(Difference.ParentsDiffer difference) {
            return both(
                    difference, ChangeWriter.parents(difference.before()), ChangeWriter.parents(difference.after()));
        }

        @Override
        public ObjectNode allowlist(Difference.AllowlistDiffers difference) {
            ObjectNode json = start(difference);
            json.set("added", LedgerJson.allowlist(difference.added()));
            json.set("removed", LedgerJson.allowlist(difference.removed()));
            return json;
        }

        private static ObjectNode start(Difference difference) {
            return LedgerJson.object().put("field", difference.field());
        }

        private static ObjectNode both(Difference difference, JsonNode before, JsonNode after) {
            ObjectNode json = start(difference);
            json.set("before", before);
            json.set("after", after);
            return json;
        }

        private static ObjectNode values(Map<String, FlagValue> values) {
            ObjectNode json = LedgerJson.object();
            values.forEach((name, value) -> json.set(name, LedgerJson.value(value)));
            return json;
        }

        private static ArrayNode weights(List<Weight> weights) {
            return LedgerJson.array(weights.stream()
                    .map(weight ->
                            LedgerJson.object().put("variant", weight.variant()).put("weight", weight.weight()))
                    .toList());
        }
    }
}
