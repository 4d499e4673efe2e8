/**
 * One real Kafka broker inside this JVM, its data kept in a folder.
 * The door is {@link io.flagledger.embedded.EmbeddedKafka}.
 */
@NullMarked
package io.flagledger.embedded;

import org.jspecify.annotations.NullMarked;
