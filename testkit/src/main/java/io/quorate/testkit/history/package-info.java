/**
 * Whether what clients saw could have been: record a {@link io.quorate.testkit.history.History},
 * say what was promised in a {@link io.quorate.testkit.history.Model}, and let {@link
 * io.quorate.testkit.history.Linearizability} compare. For key-value stores {@link
 * io.quorate.testkit.history.Registers} is the model.
 *
 * <pre>{@code
 * History<Request, Answer> history = History.create();
 * history.invoke("anna", put("x", "1")).ok(done());
 * history.invoke("bert", put("x", "2")).unknown();
 * history.invoke("anna", get("x")).ok(value("2"));
 * history.invoke("anna", get("x")).ok(value("1"));
 * Linearizability.check(Registers.model(), history).orThrow();   // throws: 2 was seen, then unseen
 * }</pre>
 */
@NullMarked
package io.quorate.testkit.history;

import org.jspecify.annotations.NullMarked;
