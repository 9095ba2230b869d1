/** Accounts as a replicated service in records instead of bytes. */
@NullMarked
package io.quorate.examples.accounts;

import org.jspecify.annotations.NullMarked;
