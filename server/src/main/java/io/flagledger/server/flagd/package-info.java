/**
 * Flags for in-process flagd providers in any language: as JSON ({@link io.flagledger.server.flagd.FlagdExport}) and as
 * the gRPC stream {@code flagd.sync.v1} ({@link io.flagledger.server.flagd.FlagdServer}); the only package that knows gRPC.
 */
@NullMarked
package io.flagledger.server.flagd;

import org.jspecify.annotations.NullMarked;
