/** Contracts: extend one to prove a log or a transport of one's own. */
@NullMarked
package io.quorate.testkit.contract;

import org.jspecify.annotations.NullMarked;
