/**
 * The record that a subject was let in, which outlives a kill switch of new access, and its form as a signed token that
 * another process can check without a call. Start at {@link io.flagledger.sdk.admission.Admission}.
 */
@NullMarked
package io.flagledger.sdk.admission;

import org.jspecify.annotations.NullMarked;
