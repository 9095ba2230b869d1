/**
 * Thirty lines to a replicated counter. Start at {@link io.quorate.examples.hello.HelloQuorate}.
 */
@NullMarked
package io.quorate.examples.hello;

import org.jspecify.annotations.NullMarked;
