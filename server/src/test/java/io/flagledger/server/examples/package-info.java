@NullMarked
package io.flagledger.server.examples;

import org.jspecify.annotations.NullMarked;
