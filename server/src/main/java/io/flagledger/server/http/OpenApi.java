package io.flagledger.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code GET /openapi.json}: what can be asked here, for programs that make clients of it. */
record OpenApi(String json) {
    static OpenApi load() {
        try (InputStream file = OpenApi.class.getResourceAsStream("/openapi.json")) {
            if (file == null) {
                throw new IllegalStateException("openapi.json is not on the class path");
            }
            return new OpenApi(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void show(Context context) {
        context.result(json).contentType("application/json");
    }
}
