package io.flagledger.sdk.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flagledger.core.evaluate.Reason;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Stage;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.RunningLedger;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class GateTest {
    private static final Subject ADA = Subject.user("ada").org("acme");
    private static final Subject ROOT = Subject.user("root").asAdmin();

    private RunningLedger ledger;
    private FlagLedger flags;

    @BeforeEach
    void open(KafkaForTest broker) throws InterruptedException {
        ledger = new RunningLedger(broker, "ledger");
        ledger.append(FlagCreated.bool("gastown"));
        flags = ledger.connect();
    }

    @AfterEach
    void close() {
        flags.close();
        ledger.close();
    }

    @Test
    void aGateOpensToThoseWithAccess() throws Exception {
        Gate<Subject> gate = Gate.of(flags, "gastown", asking -> asking);
        assertThat(gate.flag()).isEqualTo("gastown");
        assertThat(gate.allows(ADA)).isFalse();
        assertThat(gate.allows(ROOT)).isTrue();
        assertThat(gate.decide(ADA).reason()).isEqualTo(Reason.STAGE);
        assertThat(gate.call(ROOT, () -> "done")).isEqualTo("done");
        assertThat(gate.choose(ROOT, () -> "new", () -> "old")).isEqualTo("new");
        assertThat(gate.choose(ADA, () -> "new", () -> "old")).isEqualTo("old");
        gate.check(ROOT);
        assertThatExceptionOfType(GateClosedException.class)
                .isThrownBy(() -> gate.call(ADA, () -> {
                    throw new AssertionError("the work began");
                }))
                .withMessage("gastown is closed: STAGE")
                .extracting(GateClosedException::decision)
                .isEqualTo(flags.decide("gastown", ADA));

        ledger.append(StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping(), flags);
        assertThat(gate.allows(ADA)).isTrue();
        ledger.append(new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS), flags);
        assertThatThrownBy(() -> gate.check(ADA)).hasMessage("gastown is closed: KILLED");
    }

    @Test
    void aGateOfAFlagThatDoesNotExistIsClosedToEverybody() {
        Gate<Subject> gate = Gate.of(flags, "nowhere", asking -> asking);
        assertThat(gate.allows(ROOT)).isFalse();
        assertThatThrownBy(() -> gate.check(ROOT)).hasMessage("nowhere is closed: UNKNOWN_FLAG");
    }

    @Test
    void whoCannotBeReadIsNotLetThrough() {
        Gate<Subject> gate = Gate.of(flags, "gastown", asking -> {
            throw new IllegalStateException("no session");
        });
        assertThatThrownBy(() -> gate.allows(ROOT)).hasMessage("no session");
    }

    interface Dispatch {
        @GatedBy("gastown")
        String dispatch(String what) throws IOException;

        String status();
    }

    @GatedBy("gastown")
    interface Convoys {
        int count();

        @GatedBy("nowhere")
        int cancel();
    }

    record Yard(String name) implements Dispatch {
        @Override
        public String dispatch(String what) throws IOException {
            if (what.isEmpty()) {
                throw new IOException("nothing to dispatch");
            }
            return "dispatched " + what;
        }

        @Override
        public String status() {
            return "open";
        }
    }

    @Test
    void aMethodIsGatedWhereItSaysSo() throws Exception {
        AtomicReference<Subject> caller = new AtomicReference<>(ADA);
        Dispatch gated = GatedProxy.of(Dispatch.class, new Yard("north"), flags, caller::get);
        assertThat(gated.status()).isEqualTo("open");
        assertThatThrownBy(() -> gated.dispatch("ore")).isInstanceOf(GateClosedException.class);
        caller.set(ROOT);
        assertThat(gated.dispatch("ore")).isEqualTo("dispatched ore");
        assertThatThrownBy(() -> gated.dispatch("")).isInstanceOf(IOException.class);
        assertThat(Set.of(gated).contains(gated)).isTrue();
        assertThat(gated).hasToString("Yard[name=north]");
    }

    @Test
    void anInterfaceIsGatedAsAWholeAndAMethodMayAskForAnotherFlag() {
        Convoys gated = GatedProxy.of(
                Convoys.class,
                new Convoys() {
                    @Override
                    public int count() {
                        return 3;
                    }

                    @Override
                    public int cancel() {
                        return 1;
                    }
                },
                flags,
                () -> ROOT);
        assertThat(gated.count()).isEqualTo(3);
        assertThatThrownBy(gated::cancel).hasMessage("nowhere is closed: UNKNOWN_FLAG");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GatedProxy.of(Runnable.class, () -> {}, flags, () -> ROOT))
                .withMessage("java.lang.Runnable must be an interface with @GatedBy on it or on a method of it");
    }

    @Test
    void aSurfaceIsHiddenOrRefusedOverHttp() throws Exception {
        Gate<HttpServletRequest> gate = Gate.of(flags, "gastown", GateTest::subject);
        Server server = serve(List.of(GateFilter.hiding(gate), GateFilter.refusing(gate)));
        try {
            int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
            HttpResponse<String> hidden = get(port, "/gated-0", "ada");
            assertThat(hidden.statusCode()).isEqualTo(404);
            assertThat(hidden.body()).isEqualTo("{\"title\":\"Not Found\",\"status\":404}");
            assertThat(hidden.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(hidden.headers().firstValue("Cache-Control")).hasValue("no-store");

            HttpResponse<String> refused = get(port, "/gated-1", "ada");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo("{\"title\":\"Forbidden\",\"status\":403}");

            assertThat(get(port, "/gated-0", "root").body()).isEqualTo("behind the gate");
            assertThat(get(port, "/gated-1", "root").body()).isEqualTo("behind the gate");

            ledger.append(StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping(), flags);
            assertThat(get(port, "/gated-0", "ada").statusCode()).isEqualTo(200);
            ledger.append(new KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS), flags);
            assertThat(get(port, "/gated-0", "ada").statusCode()).isEqualTo(404);
        } finally {
            server.stop();
        }
    }

    private static Subject subject(HttpServletRequest request) {
        Subject user = Subject.user(request.getHeader("X-User"));
        return "root".equals(request.getHeader("X-User")) ? user.asAdmin() : user;
    }

    private static Server serve(List<GateFilter> filters) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        for (int i = 0; i < filters.size(); i++) {
            context.addFilter(new FilterHolder(filters.get(i)), "/gated-" + i, EnumSet.of(DispatcherType.REQUEST));
        }
        context.addServlet(new ServletHolder(new Behind()), "/");
        server.setHandler(context);
        server.start();
        return server;
    }

    private static HttpResponse<String> get(int port, String path, String user) throws Exception {
        URI uri = URI.create("http://127.0.0.1:%d%s".formatted(port, path));
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).header("X-User", user).build(), BodyHandlers.ofString());
    }

    private static final class Behind extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().write("behind the gate");
        }
    }
}
