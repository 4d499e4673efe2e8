/** Bad requests by the million, over real sockets. */
@org.jspecify.annotations.NullMarked
package io.flagledger.server.fuzz;
