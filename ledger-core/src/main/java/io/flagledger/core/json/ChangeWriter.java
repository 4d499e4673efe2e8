package io.flagledger.core.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Stage;
import java.util.Collection;
import java.util.List;

/** Writes changes as {@link ChangeReader} reads them. */
final class ChangeWriter implements Change.Cases<ObjectNode> {

    @Override
    public ObjectNode created(Change.FlagCreated change) {
        ObjectNode json = start("FlagCreated", change);
        json.put("valueType", change.type().name());
        LedgerJson.putVariants(json, change.variants());
        putBucketing(json, change.bucketing());
        json.set("parents", parents(change.parents()));
        json.put("title", change.details().title());
        json.put("description", change.details().description());
        json.put("owner", change.details().owner());
        json.set("tags", texts(change.details().tags()));
        json.put("ticket", change.details().ticket());
        return json;
    }

    @Override
    public ObjectNode described(Change.FlagDescribed change) {
        ObjectNode json = start("FlagDescribed", change);
        LedgerJson.putIfThere(json, "title", change.title());
        LedgerJson.putIfThere(json, "description", change.description());
        LedgerJson.putIfThere(json, "owner", change.owner());
        if (change.tags() != null) {
            json.set("tags", texts(change.tags()));
        }
        LedgerJson.putIfThere(json, "ticket", change.ticket());
        return json;
    }

    @Override
    public ObjectNode variantsDefined(Change.VariantsDefined change) {
        ObjectNode json = start("VariantsDefined", change);
        LedgerJson.putVariants(json, change.variants());
        return json;
    }

    @Override
    public ObjectNode stageMoved(Change.StageMoved change) {
        ObjectNode json = start("StageMoved", change).put("to", change.to().name());
        if (change.to() == Stage.PERCENTAGE) {
            json.put("percentage", change.percentage().percent());
        }
        return change.skip() ? json.put("skip", true) : json;
    }

    @Override
    public ObjectNode allowlistChanged(Change.AllowlistChanged change) {
        ObjectNode json = start("AllowlistChanged", change);
        json.set("added", LedgerJson.allowlist(change.added()));
        json.set("removed", LedgerJson.allowlist(change.removed()));
        return json;
    }

    @Override
    public ObjectNode bucketingChanged(Change.BucketingChanged change) {
        ObjectNode json = start("BucketingChanged", change);
        putBucketing(json, change.bucketing());
        return json;
    }

    @Override
    public ObjectNode parentsChanged(Change.ParentsChanged change) {
        ObjectNode json = start("ParentsChanged", change);
        json.set("parents", parents(change.parents()));
        return json;
    }

    @Override
    public ObjectNode killSwitchEngaged(Change.KillSwitchEngaged change) {
        return start("KillSwitchEngaged", change).put("scope", change.scope().name());
    }

    @Override
    public ObjectNode killSwitchReleased(Change.KillSwitchReleased change) {
        return start("KillSwitchReleased", change);
    }

    @Override
    public ObjectNode restored(Change.FlagRestored change) {
        ObjectNode json = start("FlagRestored", change).put("revision", change.revision());
        Definition definition = change.definition();
        if (definition != null) {
            json.set("definition", definition(definition));
        }
        return json;
    }

    @Override
    public ObjectNode archived(Change.FlagArchived change) {
        return start("FlagArchived", change);
    }

    @Override
    public ObjectNode revived(Change.FlagRevived change) {
        return start("FlagRevived", change);
    }

    private static ObjectNode definition(Definition definition) {
        ObjectNode json = LedgerJson.object();
        LedgerJson.putDefinition(json, definition);
        return json;
    }

    static ArrayNode texts(Collection<String> texts) {
        ArrayNode json = LedgerJson.array(List.of());
        texts.forEach(json::add);
        return json;
    }

    static ArrayNode parents(List<Parent> parents) {
        ArrayNode json = LedgerJson.array(List.of());
        for (Parent parent : parents) {
            ObjectNode node = json.addObject().put("flag", parent.flag());
            if (!parent.variants().isEmpty()) {
                node.set("variants", texts(parent.variants()));
            }
        }
        return json;
    }

    private static ObjectNode start(String type, Change change) {
        return LedgerJson.object().put("type", type).put("flag", change.flag());
    }

    private static void putBucketing(ObjectNode json, Bucketing bucketing) {
        json.put("bucketBy", bucketing.by().name());
        json.put("seed", bucketing.seed());
    }
}
