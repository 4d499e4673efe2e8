package io.flagledger.benchmarks.peers;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.togglz.core.Feature;
import org.togglz.core.activation.GradualActivationStrategy;
import org.togglz.core.activation.UserRoleActivationStrategy;
import org.togglz.core.activation.UsernameActivationStrategy;
import org.togglz.core.manager.EmptyFeatureProvider;
import org.togglz.core.manager.FeatureManager;
import org.togglz.core.manager.FeatureManagerBuilder;
import org.togglz.core.repository.FeatureState;
import org.togglz.core.repository.mem.InMemoryStateRepository;
import org.togglz.core.user.FeatureUser;
import org.togglz.core.user.SimpleFeatureUser;
import org.togglz.core.user.thread.ThreadLocalUserProvider;
import org.togglz.core.util.NamedFeature;

/**
 * Togglz: one strategy a feature, no prerequisites, so the chain is up to four isActive calls. The percentage is the stock
 * GradualActivationStrategy with its protected hash keyed on the user's orgId attribute instead of the name. In-memory state.
 */
public final class Togglz extends Peer {
    static final String ADMIN = "#admin";
    static final String LIST = "#list";
    static final String PCT = "#pct";
    static final String[] ON = {FlagSet.CHAIN + ADMIN, FlagSet.CHAIN + LIST, FlagSet.CHAIN + PCT};
    static final String[] DEAD = {FlagSet.CHAIN_OFF + ADMIN, FlagSet.CHAIN_OFF + LIST, FlagSet.CHAIN_OFF + PCT};
    FeatureManager manager;

    static final class OrgGradual extends GradualActivationStrategy {
        @Override
        public String getId() {
            return "org-gradual";
        }

        @Override
        protected int calculateHashCode(FeatureUser user, Feature feature) {
            return (((String) user.getAttribute("orgId"))
                                    .toLowerCase(Locale.ENGLISH)
                                    .trim() + ":" + feature.name())
                    .hashCode();
        }
    }

    @Override
    public void open(FlagSet set, Path dir) {
        InMemoryStateRepository repo = new InMemoryStateRepository();
        manager = FeatureManagerBuilder.begin()
                .featureProvider(new EmptyFeatureProvider())
                .stateRepository(repo)
                .userProvider(new ThreadLocalUserProvider())
                .activationStrategy(new OrgGradual())
                .build();
        for (FlagSet.Flag f : set.flags) {
            String key = FlagSet.copy(f.key());
            switch (f.kind()) {
                case PLAIN -> repo.setFeatureState(new FeatureState(new NamedFeature(key), f.on()));
                case ALLOW -> repo.setFeatureState(list(key, f));
                case PCT -> repo.setFeatureState(pct(key, f));
                case CHAIN -> {
                    if (f.allow().size()
                            == FlagSet.LIST) { // the two benchmark chains; a filler chain is its percentage only
                        repo.setFeatureState(new FeatureState(new NamedFeature(key + ADMIN), true)
                                .setStrategyId(UserRoleActivationStrategy.ID)
                                .setParameter(UserRoleActivationStrategy.PARAM_ROLES_NAME, "admin"));
                        repo.setFeatureState(list(key + LIST, f));
                        repo.setFeatureState(pct(key + PCT, f));
                    } else {
                        repo.setFeatureState(pct(key, f));
                    }
                }
            }
        }
    }

    private static FeatureState list(String key, FlagSet.Flag f) {
        return new FeatureState(new NamedFeature(key), true)
                .setStrategyId(UsernameActivationStrategy.ID)
                .setParameter(UsernameActivationStrategy.PARAM_USERS, String.join(",", f.allow()));
    }

    private static FeatureState pct(String key, FlagSet.Flag f) {
        return new FeatureState(new NamedFeature(key), true)
                .setStrategyId("org-gradual")
                .setParameter(GradualActivationStrategy.PARAM_PERCENTAGE, Integer.toString(f.percent()));
    }

    @Override
    public Object ctx(String user, String org, boolean admin) {
        Set<String> roles = new HashSet<>(2);
        roles.add(admin ? "admin" : "member");
        return new SimpleFeatureUser(user, false)
                .setAttribute("orgId", org)
                .setAttribute(UserRoleActivationStrategy.USER_ATTRIBUTE_ROLES, roles);
    }

    private boolean on(String key) {
        return manager.isActive(new NamedFeature(key));
    }

    @Override
    public boolean eval(String key, Object ctx) {
        ThreadLocalUserProvider.bind((FeatureUser) ctx);
        try {
            return on(key);
        } finally {
            ThreadLocalUserProvider.release();
        }
    }

    @Override
    public boolean chain(String key, Object ctx) {
        boolean live = key == FlagSet.CHAIN;
        String[] k = live ? ON : DEAD;
        ThreadLocalUserProvider.bind((FeatureUser) ctx);
        try {
            return on(live ? FlagSet.PREREQ : FlagSet.OFF) && (on(k[0]) || on(k[1]) || on(k[2]));
        } finally {
            ThreadLocalUserProvider.release();
        }
    }
}
