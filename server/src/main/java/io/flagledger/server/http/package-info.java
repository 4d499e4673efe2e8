/** The server's HTTP side. Start at {@link io.flagledger.server.http.HttpServer}; the only package that knows Javalin. */
@NullMarked
package io.flagledger.server.http;

import org.jspecify.annotations.NullMarked;
