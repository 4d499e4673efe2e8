package io.flagledger.server.http;

import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.server.flagd.FlagdExport;
import io.javalin.http.Context;

/** {@code GET …/flagd}: the flags as flagd's JSON, for runtimes in which no stream can be held, such as those at the edge. */
final class FlagdApi {
    private final Services services;

    FlagdApi(Services services) {
        this.services = services;
    }

    void snapshot(Context context) throws InterruptedException {
        Requests.takesOnly(context, "after");
        EnvironmentState state = services.flags(Requests.environment(context), Requests.whole(context, "after", 0))
                .state();
        Requests.answerOnce(context, state, () -> FlagdExport.of(state));
    }
}
