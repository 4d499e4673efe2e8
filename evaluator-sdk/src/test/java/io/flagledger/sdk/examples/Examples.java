package io.flagledger.sdk.examples;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.admission.Admission;
import io.flagledger.sdk.admission.AdmissionKeys;
import io.flagledger.sdk.admission.AdmissionTokens;
import io.flagledger.sdk.admission.TokenRefusedException;
import io.flagledger.sdk.gate.Gate;
import io.flagledger.sdk.gate.GateFilter;
import io.flagledger.sdk.gate.GatedBy;
import io.flagledger.sdk.gate.GatedProxy;
import io.flagledger.sdk.openfeature.FlagLedgerProvider;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;

/** What the pages in {@code docs} show, so that it compiles. {@link ExamplesTest} holds the pages to it. */
abstract class Examples {
    interface Dispatch {
        @GatedBy("gastown.convoys")
        String dispatch(String what);

        String status();
    }

    interface Session {
        Subject subject();
    }

    Optional<Admission> admit(FlagLedger flags, Subject subject) {
        Optional<Admission> admission = flags.admit("gastown", subject, Duration.ofHours(8));
        return admission;
    }

    void goOn(FlagLedger flags, Admission admission) {
        if (!flags.continues(admission)) {
            stop();
        }
    }

    String sign(AdmissionKeys keys, Admission admission) {
        AdmissionTokens issuing = AdmissionTokens.of(keys, "gastown-api", "gastown-workers", "gastown-production");
        String token = issuing.sign(admission);
        return token;
    }

    boolean verify(AdmissionKeys publicKeys, FlagLedger flags, String token) {
        AdmissionTokens verifying = AdmissionTokens.of(
                        publicKeys, "gastown-api", "gastown-workers", "gastown-production")
                .withLedger(flags.ledgerId().orElseThrow());
        try {
            Admission admission = verifying.verify(token);
            return flags.continues(admission);
        } catch (TokenRefusedException e) {
            log(e.refusal(), e.getMessage());
            return false;
        }
    }

    void makeKeys(Path secret, Path published) throws IOException {
        AdmissionKeys keys = AdmissionKeys.generate();
        Files.writeString(secret, keys.toSecretJwks());
        Files.writeString(published, keys.toPublicJwks());
    }

    AdmissionKeys readKeys(Path published) throws IOException {
        AdmissionKeys publicKeys = AdmissionKeys.fromJwks(Files.readString(published));
        return publicKeys;
    }

    void filter(FlagLedger flags, ServletContextHandler context) {
        Gate<HttpServletRequest> gate = Gate.of(
                flags,
                "gastown",
                request -> Subject.user(request.getRemoteUser()).org(request.getHeader("X-Org")));
        context.addFilter(new FilterHolder(GateFilter.hiding(gate)), "/gastown/*", EnumSet.of(DispatcherType.REQUEST));
    }

    String call(Gate<HttpServletRequest> gate, HttpServletRequest request) throws Exception {
        String result = gate.call(request, () -> dispatch(request));
        String page = gate.choose(request, () -> newPage(), () -> oldPage());
        return result + page;
    }

    String proxy(FlagLedger flags, Dispatch service, Session session) {
        Dispatch gated = GatedProxy.of(Dispatch.class, service, flags, () -> session.subject());
        return gated.dispatch("ore");
    }

    boolean openFeature(FlagLedger flags) {
        OpenFeatureAPI.getInstance().setProviderAndWait(new FlagLedgerProvider(flags));
        Client client = OpenFeatureAPI.getInstance().getClient();
        boolean open = client.getBooleanValue(
                "gastown", false, new ImmutableContext("u-17", Map.of("orgId", new Value("acme"))));
        return open;
    }

    FlagLedgerProvider tracking(FlagLedger flags) {
        return new FlagLedgerProvider(
                flags, Duration.ofSeconds(10), tracked -> warehouse(tracked.event(), tracked.subject()));
    }

    abstract void stop();

    abstract void log(TokenRefusedException.Refusal refusal, String message);

    abstract String dispatch(HttpServletRequest request);

    abstract String newPage();

    abstract String oldPage();

    abstract void warehouse(String event, Subject subject);
}
