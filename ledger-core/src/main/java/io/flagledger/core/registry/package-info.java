/**
 * A client of the Schema Registry's HTTP API, as Confluent defined it and Apicurio, Karapace and Redpanda serve it too. Start
 * at {@link io.flagledger.core.registry.SchemaRegistry}. Knows neither Avro nor Kafka: a schema is a text here.
 */
@NullMarked
package io.flagledger.core.registry;

import org.jspecify.annotations.NullMarked;
