/**
 * What gives a JUnit test a Kafka broker and topic names of its own.
 * The door is {@link io.flagledger.embedded.junit.KafkaExtension}.
 */
@NullMarked
package io.flagledger.embedded.junit;

import org.jspecify.annotations.NullMarked;
