/**
 * Kafka Streams folds the ledger into current state and history. Start at {@link io.flagledger.projector.Projector};
 * the shape of it is {@link io.flagledger.projector.ProjectorTopology}.
 */
@NullMarked
package io.flagledger.projector;

import org.jspecify.annotations.NullMarked;
