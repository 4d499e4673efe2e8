package io.flagledger.benchmarks.peers;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ff4j.FF4j;
import org.ff4j.core.Feature;
import org.ff4j.core.FeatureStore;
import org.ff4j.core.FlippingExecutionContext;
import org.ff4j.core.FlippingStrategy;
import org.ff4j.store.InMemoryFeatureStore;
import org.ff4j.strategy.AbstractFlipStrategy;
import org.ff4j.strategy.ClientFilterStrategy;
import org.ff4j.strategy.RegionFlippingStrategy;

/**
 * FF4j: in-memory store, audit off. One strategy a feature: the chain is up to four check calls. Stock PonderationStrategy is
 * Math.random(), not keyed on anything, so the percentage is an own six-line AbstractFlipStrategy over the org id.
 */
public class Ff4j extends Peer {
    static final String[] ON = Togglz.ON;
    static final String[] DEAD = Togglz.DEAD;
    FF4j ff4j;

    public static final class OrgPercent extends AbstractFlipStrategy {
        final int percent;

        OrgPercent(int percent) {
            this.percent = percent;
        }

        @Override
        public boolean evaluate(String featureName, FeatureStore store, FlippingExecutionContext ctx) {
            return Murmur3.bucket(ctx.getString("orgId", true), featureName.hashCode()) < percent * 100;
        }
    }

    static Feature feature(String key, boolean on, FlippingStrategy s) {
        Feature f = new Feature(key, on);
        f.setFlippingStrategy(s);
        return f;
    }

    static FlippingStrategy admin(String key) {
        RegionFlippingStrategy s = new RegionFlippingStrategy();
        s.init(key, Map.of(RegionFlippingStrategy.INIT_PARAMNAME_REGIONS, "admin"));
        return s;
    }

    @Override
    public void open(FlagSet set, Path dir) {
        Map<String, Feature> m = new LinkedHashMap<>();
        for (FlagSet.Flag f : set.flags) {
            String key = FlagSet.copy(f.key());
            String list = String.join(",", f.allow());
            switch (f.kind()) {
                case PLAIN -> m.put(key, new Feature(key, f.on()));
                case ALLOW -> m.put(key, feature(key, true, new ClientFilterStrategy(list)));
                case PCT -> m.put(key, feature(key, true, new OrgPercent(f.percent())));
                case CHAIN -> {
                    if (f.allow().size() == FlagSet.LIST) {
                        m.put(key + Togglz.ADMIN, feature(key + Togglz.ADMIN, true, admin(key + Togglz.ADMIN)));
                        m.put(key + Togglz.LIST, feature(key + Togglz.LIST, true, new ClientFilterStrategy(list)));
                        m.put(key + Togglz.PCT, feature(key + Togglz.PCT, true, new OrgPercent(f.percent())));
                    } else {
                        m.put(key, feature(key, true, new OrgPercent(f.percent())));
                    }
                }
            }
        }
        ff4j = new FF4j();
        ff4j.setFeatureStore(new InMemoryFeatureStore(m));
        ff4j.audit(false);
    }

    @Override
    public Object ctx(String user, String org, boolean admin) {
        FlippingExecutionContext c = new FlippingExecutionContext();
        c.putString(ClientFilterStrategy.CLIENT_HOSTNAME, user);
        c.putString("orgId", org);
        c.putString(RegionFlippingStrategy.PARAMNAME_USER_REGION, admin ? "admin" : "member");
        return c;
    }

    @Override
    public boolean eval(String key, Object ctx) {
        return ff4j.check(key, (FlippingExecutionContext) ctx);
    }

    @Override
    public boolean chain(String key, Object ctx) {
        boolean live = key == FlagSet.CHAIN;
        String[] k = live ? ON : DEAD;
        return eval(live ? FlagSet.PREREQ : FlagSet.OFF, ctx)
                && (eval(k[0], ctx) || eval(k[1], ctx) || eval(k[2], ctx));
    }
}
