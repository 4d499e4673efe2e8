package io.flagledger.sdk.gate;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Answers in place of a servlet to whoever has no access to a flag, with a problem body (RFC 9457). It tells nobody why
 * access is denied, and no cache may keep its answer, since the next may differ.
 */
public final class GateFilter implements Filter {
    /** The type stays the default, {@code about:blank}: the status says it all, and a type would say that a gate is here. */
    private static final String PROBLEM = "{\"title\":\"%s\",\"status\":%d}";

    private final Gate<? super HttpServletRequest> gate;
    private final int status;
    private final byte[] body;

    private GateFilter(Gate<? super HttpServletRequest> gate, int status, String title) {
        this.gate = requireNonNull(gate, "gate");
        this.status = status;
        this.body = PROBLEM.formatted(title, status).getBytes(StandardCharsets.UTF_8);
    }

    /** Answers 404, as if there were nothing here: what is not released yet is not to be found. */
    public static GateFilter hiding(Gate<? super HttpServletRequest> gate) {
        return new GateFilter(gate, HttpServletResponse.SC_NOT_FOUND, "Not Found");
    }

    /** Answers 403: there is something here, but not for whoever asks. */
    public static GateFilter refusing(Gate<? super HttpServletRequest> gate) {
        return new GateFilter(gate, HttpServletResponse.SC_FORBIDDEN, "Forbidden");
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (gate.allows((HttpServletRequest) request)) {
            chain.doFilter(request, response);
        } else {
            refuse((HttpServletResponse) response);
        }
    }

    private void refuse(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/problem+json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
