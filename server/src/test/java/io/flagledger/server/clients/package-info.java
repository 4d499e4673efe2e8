@NullMarked
package io.flagledger.server.clients;

import org.jspecify.annotations.NullMarked;
