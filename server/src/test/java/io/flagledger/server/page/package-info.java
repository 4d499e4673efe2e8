/** The console as it is used, in a real browser. */
@org.jspecify.annotations.NullMarked
package io.flagledger.server.page;
