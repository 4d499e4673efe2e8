/**
 * Who asks, and what they may do: {@link io.flagledger.server.auth.Authenticator} takes a bearer token and answers with a
 * {@link io.flagledger.server.auth.Caller}. Nothing in here knows HTTP's server side, so that gRPC asks the same way.
 */
@NullMarked
package io.flagledger.server.auth;

import org.jspecify.annotations.NullMarked;
