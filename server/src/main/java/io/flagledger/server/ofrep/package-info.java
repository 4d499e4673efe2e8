/**
 * What OFREP, OpenFeature's remote evaluation protocol 0.3.0, asks and answers, apart from how it goes over HTTP. Start at
 * {@link io.flagledger.server.ofrep.OfrepAnswers}.
 */
@NullMarked
package io.flagledger.server.ofrep;

import org.jspecify.annotations.NullMarked;
