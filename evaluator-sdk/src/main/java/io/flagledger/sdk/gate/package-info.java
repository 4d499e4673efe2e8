/**
 * Closes a piece of a service to those without access: a servlet, a call, a method. Start at
 * {@link io.flagledger.sdk.gate.Gate}.
 */
@NullMarked
package io.flagledger.sdk.gate;

import org.jspecify.annotations.NullMarked;
