package io.flagledger.server.clients;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.openfeature.contrib.providers.ofrep.OfrepProvider;
import dev.openfeature.contrib.providers.ofrep.OfrepProviderOptions;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.MutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import org.jspecify.annotations.Nullable;

/** OpenFeature's Java SDK with the contributed OFREP provider. */
final class JavaClient implements FlagClient {
    private static final String DOMAIN = "ofrep";

    private final Client client;

    JavaClient(Target target) {
        OpenFeatureAPI.getInstance()
                .setProviderAndWait(
                        DOMAIN,
                        OfrepProvider.constructProvider(OfrepProviderOptions.builder()
                                .baseUrl(target.http())
                                .headers(ImmutableMap.of(
                                        "Authorization", ImmutableList.of("Bearer " + target.token()),
                                        "X-Ledger-Environment", ImmutableList.of(target.environment())))
                                .build()));
        client = OpenFeatureAPI.getInstance().getClient(DOMAIN);
    }

    @Override
    public boolean isOn(String flag, String user, @Nullable String org) {
        MutableContext context = new MutableContext(user);
        if (org != null) {
            context.add("orgId", org);
        }
        return client.getBooleanValue(flag, false, context);
    }

    @Override
    public void close() {
        OpenFeatureAPI.getInstance().shutdown();
    }
}
