/**
 * Who has access to a flag and what is served. Start at {@link io.flagledger.core.evaluate.CompiledFlag}, of which a
 * {@link io.flagledger.core.evaluate.CompiledEnvironment} holds one for each flag at one position.
 */
@NullMarked
package io.flagledger.core.evaluate;

import org.jspecify.annotations.NullMarked;
