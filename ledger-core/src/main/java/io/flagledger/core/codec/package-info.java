/**
 * How facts and states are written as bytes. Start at {@link io.flagledger.core.codec.EventCodec}. The only package that
 * knows Avro; the generated classes never leave it.
 */
@NullMarked
package io.flagledger.core.codec;

import org.jspecify.annotations.NullMarked;
