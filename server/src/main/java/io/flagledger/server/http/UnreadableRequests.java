package io.flagledger.server.http;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What is not HTTP comes to no route, and to none of {@link Errors}: Jetty refuses it, here with a problem like all others. */
final class UnreadableRequests extends ErrorHandler {
    private static final int BAD_REQUEST = 400;
    private static final int FIRST_OF_SERVERS = 500;

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            String message,
            @Nullable Throwable cause,
            Callback callback) {
        // HTTP has 505 for a version that nobody knows and 501 for an encoding: but what is wrong is the request, not
        // this server.
        int status = code >= FIRST_OF_SERVERS && cause instanceof HttpException ? BAD_REQUEST : code;
        String detail = "the request can't be read as HTTP: " + message;
        String body = Problem.of(status, "unreadable", "The request can't be read", detail)
                .json();
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        response.getHeaders().put(HttpHeader.CONNECTION, "close"); // where the next one would begin is not known
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        Content.Sink.write(response, true, body, callback);
    }
}
