/**
 * Whether a change may be made. Start at {@link io.flagledger.core.command.Decider}: pure, it looks only at the state
 * and the command that it is given.
 */
@NullMarked
package io.flagledger.core.command;

import org.jspecify.annotations.NullMarked;
