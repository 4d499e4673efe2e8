/** What all streams share that tell clients of changes, whatever protocol they speak. */
@NullMarked
package io.flagledger.server.push;

import org.jspecify.annotations.NullMarked;
