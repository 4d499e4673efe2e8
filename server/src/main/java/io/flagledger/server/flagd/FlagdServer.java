package io.flagledger.server.flagd;

import io.flagledger.server.LiveEnvironments;
import io.flagledger.server.ServerStartException;
import io.flagledger.server.auth.Authenticator;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** The gRPC port: {@code flagd.sync.v1.FlagSyncService}, from which in-process flagd providers of any language follow the flags. */
public final class FlagdServer implements AutoCloseable {
    private static final long KEEPALIVE_SECONDS = 20;
    private static final long PERMITTED_KEEPALIVE_SECONDS = 5;
    private static final int MAX_REQUEST_BYTES = 64 << 10;

    private final SyncService service;
    private final Server server;

    private FlagdServer(SyncService service, Server server) {
        this.service = service;
        this.server = server;
    }

    /**
     * Starts to answer.
     *
     * @param port 0 takes a free one
     * @param environment for those who name none
     * @throws ServerStartException if the port is taken
     */
    public static FlagdServer start(
            String host, int port, LiveEnvironments live, String environment, Authenticator authenticator) {
        SyncService service = new SyncService(live, environment, authenticator);
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
                // Who no longer answers is dropped; and many providers ask whether we are still there.
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(PERMITTED_KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxInboundMessageSize(MAX_REQUEST_BYTES)
                .addService(service.definition())
                .build();
        try {
            return new FlagdServer(service, server.start());
        } catch (IOException e) {
            service.close();
            throw new ServerStartException(
                    "can't listen on port %d of %s for flagd: stop the program that holds it, or choose another port with --grpc-port (%s)"
                            .formatted(port, host, e.getMessage()),
                    e);
        }
    }

    /** How many streams are open. */
    public int streams() {
        return service.streams();
    }

    /** The port listened on. */
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        service.close();
        server.shutdownNow();
    }
}
